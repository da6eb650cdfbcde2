// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.io.IOException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.MountWatch;

/**
 * This process's mount table, read again only after it has changed. Safe for threads.
 *
 * <p>Not at once if reading is dear: after a reading, the table is left alone for as long as that
 * took, so that who changes a large one all the time costs half a processor and not all. So it can
 * be old by that time; a small one takes less than a millisecond.
 */
final class CurrentMounts implements MountSource {

  /** Where the table comes from. */
  interface Reader {
    /** Whether it has changed since it was last read. */
    boolean isChanged() throws IOException;

    /** Reads it, into what the supplier gives each time that this begins anew. */
    void read(Supplier<Predicate<Mount>> into) throws IOException;
  }

  private final Reader reader;
  private final LongSupplier nanoTime;
  private KeptMounts kept = new KeptMounts();
  private @Nullable MountTable table;
  private @Nullable IOException failure;
  private long readEnd;
  private long readTime;

  CurrentMounts(Reader reader, LongSupplier nanoTime) {
    this.reader = reader;
    this.nanoTime = nanoTime;
  }

  /** Those of this process. */
  static CurrentMounts of(MountWatch watch) {
    Reader reader =
        new Reader() {
          @Override
          public boolean isChanged() throws IOException {
            return watch.isChanged();
          }

          @Override
          public void read(Supplier<Predicate<Mount>> into) throws IOException {
            watch.read(into);
          }
        };
    return new CurrentMounts(reader, System::nanoTime);
  }

  @Override
  public synchronized MountTable now() throws IOException {
    boolean isFirst = table == null && failure == null;
    if (isFirst || (isRested() && reader.isChanged())) {
      read();
    }
    if (table == null) {
      throw new IOException(failure == null ? "not read" : failure.getMessage(), failure);
    }
    return table;
  }

  private boolean isRested() {
    return nanoTime.getAsLong() - readEnd >= readTime;
  }

  private void read() {
    long start = nanoTime.getAsLong();
    table = null; // or there would be two in memory
    failure = null;
    try {
      reader.read(this::anew);
      table = kept.table();
    } catch (IOException e) {
      failure = e;
    }
    kept = new KeptMounts();
    readEnd = nanoTime.getAsLong();
    readTime = readEnd - start;
  }

  private KeptMounts anew() {
    kept = new KeptMounts();
    return kept;
  }
}
