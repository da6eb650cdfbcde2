// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.system.XfsGeometry;

class XfsCreationTest {

  /** Measured on Linux 6.1: the least room with which open(O_CREAT) succeeds. */
  @ParameterizedTest
  @CsvSource({
    "4096,    32768, 512, 4096, true, true, 188", // 512 MiB
    "4096, 67108864, 512, 4096, true, true, 204", // 1 TiB
    "4096, 67108864, 512, 8192, true, true, 232",
  })
  void creation_measuredGeometry_isWhatWasMeasured(
      int block, long group, int inode, int directory, boolean crc, boolean finobt, long kib) {
    XfsGeometry layout = new XfsGeometry(block, group, inode, directory, crc, finobt, false, false);
    assertEquals(kib << 10, XfsCreation.bytes(layout));
  }

  /**
   * Measured on Linux 7.3, with parent pointers: the least room to create, and to link after it.
   */
  @ParameterizedTest
  @CsvSource({
    "32768,    false, 256, 208", // 512 MiB
    "67108864, true,  376, 312", // 1 TiB
  })
  void parentPointers_measuredGeometry_takeWhatWasMeasured(
      long group, boolean nrext64, long creation, long link) {
    XfsGeometry layout = new XfsGeometry(4096, group, 512, 4096, true, true, nrext64, true);
    assertEquals(creation << 10, XfsCreation.bytes(layout));
    assertEquals(link << 10, XfsCreation.linkBytes(layout));
  }

  @Test
  void link_withoutParentPointers_takesNothing() {
    XfsGeometry layout = new XfsGeometry(4096, 32768, 512, 4096, true, true, true, false);
    assertEquals(0, XfsCreation.linkBytes(layout));
  }

  @Test
  void least_isNotMoreThanAnyOther() {
    for (int block = 512; block <= 65536; block *= 2) {
      for (int inode = 256; inode <= Math.min(2048, block); inode *= 2) {
        long bytes =
            XfsCreation.bytes(new XfsGeometry(block, 64, inode, block, true, true, true, true));
        assertTrue(XfsCreation.bytes(XfsCreation.least(block)) <= bytes, block + ", " + inode);
      }
    }
  }
}
