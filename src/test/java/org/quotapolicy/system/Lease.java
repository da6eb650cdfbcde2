// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.quotapolicy.kernel.Jna;
import org.quotapolicy.kernel.Openat;
import org.quotapolicy.system.Headers.fcntl;

/** A lease on a file, for which whoever opens it for reading has to wait. Source: fcntl(2). */
public final class Lease implements AutoCloseable {
  private static final int F_SETSIG = 10;
  private static final int F_SETLEASE = 1024;
  private static final int F_WRLCK = 1;

  /** Ignored, unlike SIGIO. */
  private static final int SIGURG = 23;

  private final int fd;

  public Lease(Path file) {
    fd = Openat.open(fcntl.AT_FDCWD, file.toString(), fcntl.O_RDWR);
    assertTrue(fd >= 0);
    assertEquals(0, control(F_SETSIG, SIGURG));
    assertEquals(0, control(F_SETLEASE, F_WRLCK));
  }

  private int control(int command, int argument) {
    return Jna.process().getFunction("fcntl").invokeInt(new Object[] {fd, command, argument});
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
