// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a filesystem is and stays, asked once for each device as long as the mount table stays the
 * same: only a new filesystem can be another. Safe for threads.
 */
final class PerDevice<T> {
  private final Map<Device, T> known = new HashMap<>();

  /** The one it is known for, which this must not keep in memory. */
  private WeakReference<MountTable> table = new WeakReference<>(null);

  /** What is known of a device. */
  synchronized Optional<T> get(MountTable current, Device device) {
    return table.refersTo(current) ? Optional.ofNullable(known.get(device)) : Optional.empty();
  }

  /** Keeps what a device has told; what it did not is to be asked again next time. */
  Optional<T> keep(MountTable current, Device device, Optional<T> told) {
    told.ifPresent(value -> store(current, device, value));
    return told;
  }

  private synchronized void store(MountTable current, Device device, T value) {
    if (!table.refersTo(current)) {
      table = new WeakReference<>(current);
      known.clear();
    }
    known.put(device, value);
  }
}
