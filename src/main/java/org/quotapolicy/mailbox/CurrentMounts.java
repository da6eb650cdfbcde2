// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.io.IOException;
import org.quotapolicy.kernel.MountWatch;
import org.quotapolicy.mount.MountInfo;

/** This process's mount table, read again only after it has changed. Safe for threads. */
final class CurrentMounts implements MountSource {
  private final MountWatch watch;
  private MountTable table;

  CurrentMounts(MountWatch watch) throws IOException {
    this.watch = watch;
    this.table = read(watch);
  }

  @Override
  public synchronized MountTable now() throws IOException {
    if (watch.isChanged()) {
      table = read(watch);
    }
    return table;
  }

  private static MountTable read(MountWatch watch) throws IOException {
    return new MountTable(MountInfo.parse(watch.read()));
  }
}
