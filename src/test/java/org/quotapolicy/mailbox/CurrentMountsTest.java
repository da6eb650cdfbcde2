// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.quotapolicy.kernel.Mount;

class CurrentMountsTest {
  /** A table of some mounts that takes 100 ns to read, and is read twice each time. */
  private final class FakeTable implements CurrentMounts.Reader {
    private boolean changed;
    private boolean broken;
    private int mounts = 1;
    private int reads;

    @Override
    public boolean isChanged() {
      return changed;
    }

    @Override
    public void read(Supplier<Predicate<Mount>> into) throws IOException {
      reads++;
      now += 100;
      if (broken) {
        throw new IOException("no /proc");
      }
      boolean unused = into.get().test(mount(99));
      Predicate<Mount> last = into.get();
      for (int i = 0; i < mounts; i++) {
        unused |= last.test(mount(20 + i));
      }
      changed = false;
    }
  }

  private long now = Long.MAX_VALUE - 150;
  private final FakeTable fake = new FakeTable();
  private final CurrentMounts mounts = new CurrentMounts(fake, () -> now);

  private static Mount mount(int id) {
    return new Mount(id, 1, 8, id, "/", "/", "ext4", "", "");
  }

  @Test
  void table_unchanged_isReadOnce() throws IOException {
    MountTable table = mounts.now();
    now += 1_000;
    assertSame(table, mounts.now());
    assertEquals(1, table.mounts().size(), "of the last reading only");
    assertEquals(1, fake.reads);
  }

  @Test
  void table_changed_isReadAgainAfterAsLongAsItTook() throws IOException {
    MountTable table = mounts.now();
    fake.changed = true;
    now += 99;
    assertSame(table, mounts.now());
    now += 1;
    assertNotSame(table, mounts.now());
    assertEquals(2, fake.reads);
  }

  /** It is not read for each request, only when it has changed. */
  @Test
  void table_tooLarge_isToldUntilItChanges() throws IOException {
    fake.mounts = 100_000;
    for (int i = 0; i < 3; i++) {
      assertEquals(
          "it is too large: more than 16 MiB",
          assertThrows(IOException.class, mounts::now).getMessage());
      now += 1_000;
    }
    assertEquals(1, fake.reads);
    fake.mounts = 1;
    fake.changed = true;
    assertEquals(1, mounts.now().mounts().size());
  }

  @Test
  void table_unreadable_isTriedAgain() throws IOException {
    fake.broken = true;
    fake.changed = true;
    assertEquals("no /proc", assertThrows(IOException.class, mounts::now).getMessage());
    fake.broken = false;
    assertThrows(IOException.class, mounts::now);
    now += 100;
    assertEquals(1, mounts.now().mounts().size());
  }
}
