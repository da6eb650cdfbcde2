// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import java.util.List;
import org.quotapolicy.kernel.Filesystem;
import org.quotapolicy.kernel.MountWatch;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.mount.MountInfo;

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

  synchronized List<Filesystem> current() throws NativeFailure {
    if (watch.isChanged()) {
      candidates = Candidates.of(MountInfo.parse(watch.read()));
    }
    return candidates;
  }
}
