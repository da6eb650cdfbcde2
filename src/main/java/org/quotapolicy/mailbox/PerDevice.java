// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a filesystem is and stays, asked once for each device as long as the mount table stays the
 * same: only a new filesystem can be another. Safe for threads.
 */
final class PerDevice<T> {
  private final Map<Device, T> known = new HashMap<>();

  /** The one it is known for, which this must not keep in memory. */
  private WeakReference<MountTable> table = new WeakReference<>(null);

  /**
   * What is known of a device.
   *
   * @param ask finds it out; what it cannot tell is asked again next time. May block.
   */
  Optional<T> get(MountTable current, Device device, Supplier<Optional<T>> ask) {
    Optional<T> cached = cached(current, device);
    if (cached.isPresent()) {
      return cached;
    }
    Optional<T> told = ask.get();
    told.ifPresent(value -> store(current, device, value));
    return told;
  }

  private synchronized Optional<T> cached(MountTable current, Device device) {
    return table.refersTo(current) ? Optional.ofNullable(known.get(device)) : Optional.empty();
  }

  private synchronized void store(MountTable current, Device device, T value) {
    if (!table.refersTo(current)) {
      table = new WeakReference<>(current);
      known.clear();
    }
    known.put(device, value);
  }
}
