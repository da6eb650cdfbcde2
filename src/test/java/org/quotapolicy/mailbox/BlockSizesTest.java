// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountInfo;

class BlockSizesTest {
  private static final String LINES =
      """
      20 1 8:1 / / rw - ext4 /dev/sda1 rw
      30 20 8:2 / /home rw - ext4 /dev/sda2 rw
      31 20 8:2 /x /x rw - ext4 /dev/sda2 rw
      """;

  private final Map<String, Integer> sizes = new HashMap<>(Map.of("/home", 1024, "/", 4096));
  private final List<String> asked = new ArrayList<>();
  private final BlockSizes blockSizes =
      new BlockSizes(
          path -> {
            asked.add(path);
            return sizes.getOrDefault(path, 0);
          });

  private static MountTable table() {
    return new MountTable(MountInfo.parse(LINES.getBytes(StandardCharsets.US_ASCII)));
  }

  private int size(MountTable table, int id, String path) {
    Mount mount = table.mounts().stream().filter(m -> m.id() == id).findFirst().orElseThrow();
    return blockSizes.of(table, mount, path);
  }

  @Test
  void size_isAskedOnceForEachDevice() {
    MountTable table = table();
    assertEquals(1024, size(table, 30, "/home/bob"));
    assertEquals(1024, size(table, 30, "/home/eve"));
    assertEquals(1024, size(table, 31, "/x/bob"));
    assertEquals(4096, size(table, 20, "/etc"));
    assertEquals(List.of("/home", "/"), asked);
  }

  @Test
  void size_afterMountTableChanged_isAskedAgain() {
    assertEquals(1024, size(table(), 30, "/home/bob"));
    sizes.put("/home", 4096);
    assertEquals(4096, size(table(), 30, "/home/bob"));
  }

  @Test
  void size_notToldAtMountPoint_isAskedAtPath() {
    sizes.put("/x/bob", 2048);
    assertEquals(2048, size(table(), 31, "/x/bob"));
    assertEquals(List.of("/x", "/x/bob"), asked);
  }

  @Test
  void size_notTold_isAskedAgain() {
    MountTable table = table();
    assertEquals(0, size(table, 31, "/x/bob"));
    sizes.put("/x/bob", 2048);
    assertEquals(2048, size(table, 31, "/x/bob"));
  }
}
