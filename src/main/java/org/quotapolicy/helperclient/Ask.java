// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.wire.Scope;
import org.quotapolicy.wire.ToHelper;

/**
 * One wish to know something of the helper.
 *
 * @param sequence its place among all
 * @param key what it wants to know
 * @param deadline as System.nanoTime()
 * @param sink takes the result, once
 */
record Ask(long sequence, Key key, long deadline, Consumer<Told> sink) {
  // As keys of maps these two are asked for several times a request, and what the compiler makes of
  // records goes through method handles, which are slow as long as nothing inlines them.

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other; // no two are alike
  }

  @Override
  public int hashCode() {
    return Long.hashCode(sequence);
  }

  /** What can be asked of the helper. */
  sealed interface Key {

    /** The packet that asks it. */
    ToHelper packet(int number);
  }

  /**
   * About a user.
   *
   * @param name each byte as one char
   * @param scope which filesystems it is about
   */
  record User(String name, Scope scope) implements Key {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof User user && name.equals(user.name) && scope.equals(user.scope);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }

    @Override
    public ToHelper packet(int number) {
      return new ToHelper.Lookup(number, scope, name);
    }
  }

  /**
   * About the ids of a filesystem.
   *
   * @param major major number of its device
   * @param minor its minor number
   * @param type whose quotas
   * @param first the least id
   */
  record Page(int major, int minor, QuotaType type, long first) implements Key {
    @Override
    public ToHelper packet(int number) {
      return new ToHelper.Next(number, major, minor, type, first);
    }
  }

  /** The first deadline first. Differences, since System.nanoTime() may overflow. */
  static final Comparator<Ask> BY_DEADLINE =
      (a, b) ->
          a.deadline == b.deadline
              ? Long.signum(a.sequence - b.sequence)
              : Long.signum(a.deadline - b.deadline);
}
