// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountKindTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "bcachefs"})
  void type_ofOwnDisks_isLocal(String type) {
    assertEquals(MountKind.LOCAL, MountKind.of(type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nfs", "nfs4", "cifs", "smb3", "ceph", "afs", "lustre", "9p", "glusterfs", "virtiofs",
        "fuse", "fuse.sshfs", "fuseblk", "fuse.ext4", "fuse.xfs", "gfs2", "ocfs2", "ext5", "EXT4",
            ""
      })
  void type_thatNeedsOthersOrIsUnknown_isRemote(String type) {
    assertEquals(MountKind.REMOTE, MountKind.of(type));
  }

  @ParameterizedTest
  @CsvSource({"autofs, AUTOFS"})
  void type_autofs_isItsOwnKind(String type, MountKind kind) {
    assertEquals(kind, MountKind.of(type));
  }
}
