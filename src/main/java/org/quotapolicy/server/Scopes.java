// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.Optional;
import org.quotapolicy.mailbox.Device;
import org.quotapolicy.mailbox.Unasked;
import org.quotapolicy.wire.Scope;

/** How the helper is asked for what a judgement lacks. */
public final class Scopes {
  private Scopes() {}

  /** The question for this. */
  public static Scope of(Unasked what) {
    Device there = what.device();
    return new Scope.Device(there.major(), there.minor(), what.project(), what.group());
  }

  /** What a question is for; empty if it names no filesystem. */
  static Optional<Unasked> asked(Scope scope) {
    return scope instanceof Scope.Device there
        ? Optional.of(
            new Unasked(new Device(there.major(), there.minor()), there.project(), there.group()))
        : Optional.empty();
  }
}
