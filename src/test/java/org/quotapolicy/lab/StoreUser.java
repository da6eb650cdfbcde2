// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.util.List;

/**
 * A user of the filesystems that {@link StoreDisk} makes; the first two share group and project.
 */
record StoreUser(String name, long uid, long gid, long project) {
  static final List<StoreUser> ALL =
      List.of(
          new StoreUser("store0", 41000, 41500, 42000),
          new StoreUser("store1", 41001, 41500, 42000),
          new StoreUser("store2", 41002, 41502, 42002));

  String home() {
    return StoreDisk.MOUNT_POINT + "/" + name;
  }

  /** Writes the accounts, once. */
  static void addAll() {
    for (StoreUser user : ALL) {
      Guest.must(
          "getent passwd %1$s >/dev/null || echo %1$s:x:%2$d:%3$d::%4$s:/bin/sh >>/etc/passwd"
              .formatted(user.name(), user.uid(), user.gid(), user.home()));
    }
  }
}
