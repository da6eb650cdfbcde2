// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

/** An empty disk that a case makes a filesystem on, with one user {@value #USER} over his limit. */
final class SpareDisk implements AutoCloseable {
  static final String USER = "late";
  static final String MOUNT_POINT = "/run/spare";
  private static final String DEVICE = "/dev/ubde";

  private SpareDisk() {}

  /**
   * Makes the filesystem and the user; mounts nothing. The mount point is on tmpfs, which has no
   * quotas: the guest's root is an overlay, of which nobody can tell.
   */
  static SpareDisk make() {
    Guest.must("mkfs.ext4 -q -F -b 4096 -O quota " + DEVICE + " && mkdir -p " + MOUNT_POINT);
    Guest.must(
        "getent passwd late >/dev/null || {"
            + " echo late:x:39000:39000::/run/spare/late:/bin/sh >>/etc/passwd;"
            + " echo late:x:39000: >>/etc/group; }");
    SpareDisk disk = new SpareDisk();
    disk.mount("usrquota");
    Guest.must(
        "cd /run/spare && mkdir late && fallocate -l 2044K late/fill && chown -R late:late late"
            + " && setquota -u late 0 1024 0 0 /run/spare");
    disk.unmount();
    return disk;
  }

  void mount(String options) {
    Guest.must("mount -o " + options + " " + DEVICE + " " + MOUNT_POINT);
  }

  void unmount() {
    Guest.must("umount " + MOUNT_POINT);
  }

  @Override
  public void close() {
    Guest.sh("mountpoint -q " + MOUNT_POINT + " && umount " + MOUNT_POINT);
  }
}
