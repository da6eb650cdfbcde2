// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.quotapolicy.kernel.Scratch;

class ScratchSizeTest {

  @Test
  void scratch_holdsEveryStruct() {
    int capacity = Scratch.ofThread().struct.fields().capacity();
    for (int size :
        new int[] {
          Headers.sys_stat.statx.SIZE,
          Headers.sys_statfs.statfs.SIZE,
          Headers.xfs_xfs.xfs_fsop_geom_v4.SIZE,
          Headers.linux_fs.fsxattr.SIZE,
          Headers.linux_fs.file_attr.SIZE,
          NameService.RESULT + Long.BYTES,
        }) {
      assertTrue(size <= capacity, size + " bytes");
    }
    assertTrue(Headers.pwd.passwd.SIZE <= NameService.RESULT);
    assertTrue(Headers.grp.group.SIZE <= NameService.RESULT);
  }
}
