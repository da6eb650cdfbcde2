// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Filesystem;
import org.quotapolicy.kernel.MountWatch;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.mount.MountInfo;
import org.quotapolicy.wire.Scope;

/** The filesystems that may have quotas, as the mount table is now. */
final class Filesystems {
  private final MountWatch watch;
  private List<Filesystem> candidates = List.of();

  private Filesystems(MountWatch watch) {
    this.watch = watch;
  }

  static Filesystems open() throws NativeFailure {
    return new Filesystems(MountWatch.open());
  }

  /** Those of a scope; of the home's, there is none if no mount point is above {@code home}. */
  List<Filesystem> within(Scope scope, String home) throws NativeFailure {
    List<Filesystem> all = current();
    if (scope instanceof Scope.All) {
      return all;
    }
    Filesystem found = null;
    for (Filesystem one : all) {
      if (scope instanceof Scope.Device device ? isOn(device, one) : isCloser(one, found, home)) {
        found = one;
      }
    }
    return found == null ? List.of() : List.of(found);
  }

  private static boolean isOn(Scope.Device device, Filesystem one) {
    return one.major() == device.major() && one.minor() == device.minor();
  }

  /** Of several at one place the last is on top. */
  private static boolean isCloser(Filesystem one, @Nullable Filesystem found, String home) {
    String mountPoint = one.mountPoint();
    boolean above =
        home.startsWith(mountPoint)
            && (home.length() == mountPoint.length()
                || mountPoint.endsWith("/")
                || home.charAt(mountPoint.length()) == '/');
    return above && (found == null || mountPoint.length() >= found.mountPoint().length());
  }

  private synchronized List<Filesystem> current() throws NativeFailure {
    if (watch.isChanged()) {
      candidates = Candidates.of(MountInfo.parse(watch.read()));
    }
    return candidates;
  }
}
