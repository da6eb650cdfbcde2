// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

/** An empty disk that a case makes a filesystem on, with one user {@value #USER} over his limit. */
final class SpareDisk implements AutoCloseable {
  static final String USER = "late";
  static final String MOUNT_POINT = "/srv/spare";
  private static final String DEVICE = "/dev/ubde";

  private SpareDisk() {}

  /** Makes the filesystem and the user; mounts nothing. */
  static SpareDisk make() {
    Guest.must("mkfs.ext4 -q -F -b 4096 -O quota " + DEVICE + " && mkdir -p " + MOUNT_POINT);
    Guest.must(
        "getent passwd late >/dev/null || {"
            + " echo late:x:39000:39000::/srv/spare/late:/bin/sh >>/etc/passwd;"
            + " echo late:x:39000: >>/etc/group; }");
    SpareDisk disk = new SpareDisk();
    disk.mount("usrquota");
    Guest.must(
        "cd /srv/spare && mkdir late && fallocate -l 2044K late/fill && chown -R late:late late"
            + " && setquota -u late 0 1024 0 0 /srv/spare");
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
