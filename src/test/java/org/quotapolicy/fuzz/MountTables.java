// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountInfo;
import org.quotapolicy.mailbox.LinkReader;
import org.quotapolicy.mailbox.MountTable;
import org.quotapolicy.mailbox.Symlink;

/**
 * /proc/self/mountinfo, which any user can write into by FUSE mounts and user namespaces: however
 * it is read it means the same, and each path leads somewhere or is said to fail.
 */
public final class MountTables {
  private MountTables() {}

  /** A table; its last line is also a path to follow, and where each link leads. */
  public static void fuzzerTestOneInput(byte[] data) {
    List<Mount> whole = MountInfo.parse(data);
    MountInfo pieces = new MountInfo(mount -> true);
    for (int start = 0; start < data.length; start += 7) {
      pieces.add(ByteBuffer.wrap(data, start, Math.min(7, data.length - start)));
    }
    Must.equal(whole, pieces.mounts(), "in pieces");
    resolve(new MountTable(whole), data);
  }

  private static void resolve(MountTable table, byte[] data) {
    String text = new String(data, StandardCharsets.ISO_8859_1);
    String path = "/" + text.substring(text.lastIndexOf('\n') + 1);
    LinkReader links =
        at -> at.hashCode() % 3 == 0 ? new Symlink.Target(path) : new Symlink.NotALink();
    Must.hold(table.resolve(path, links) != null, "somewhere");
    for (Mount mount : table.mounts()) {
      Must.hold(table.resolve(mount.mountPoint(), links) != null, "somewhere");
    }
  }
}
