// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.kernel.Openat;
import org.quotapolicy.kernel.Scratch;
import org.quotapolicy.system.Headers.fcntl;
import org.quotapolicy.system.Headers.linux_landlock;
import org.quotapolicy.system.Headers.linux_landlock.landlock_net_port_attr;
import org.quotapolicy.system.Headers.linux_landlock.landlock_path_beneath_attr;
import org.quotapolicy.system.Headers.linux_landlock.landlock_ruleset_attr;
import org.quotapolicy.system.Headers.sys_syscall;

/**
 * Binds all threads of this process to a {@link Reach}, with no way back. They must have
 * no_new_privs. Source: landlock(7), linux/landlock.h.
 *
 * <p>They also bind no TCP sockets any more, no UDP sockets but to ports of the kernel's choice,
 * and signal nobody else. Descriptors that are open stay what they are.
 *
 * <p>All threads are bound or none is. For that the kernel has each of them stand still until the
 * last one does (security/landlock/tsync.c); one that waits for a disk or a file server cannot, and
 * the process would stand still as long as that is away. So it is not tried while there is one.
 */
public final class Landlock {
  /** Since Linux 7.0 (LANDLOCK_RESTRICT_SELF_TSYNC): the others bind single threads. */
  private static final int FIRST_FOR_ALL_THREADS = 8;

  private static final int FIRST_WITH_RESOLVE_UNIX = 9;
  private static final int FIRST_WITH_UDP = 10;

  /** All that version 8 knows. */
  private static final long FILES = (linux_landlock.LANDLOCK_ACCESS_FS_IOCTL_DEV << 1) - 1;

  private static final Path ROOT = Path.of("/");
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final int LOOKS = 20;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final int ruleset;

  /** What came of it. */
  public sealed interface Outcome {

    /** All threads are bound. */
    record Bound() implements Outcome {}

    /** This kernel cannot; none is bound. */
    record Unavailable(String reason) implements Outcome {}

    /** This kernel should be able to; none is bound. */
    record Failed(String reason) implements Outcome {}
  }

  /**
   * What is refused to all that no rule allows: sets of rights as in linux/landlock.h.
   *
   * @param files rights to files
   * @param network rights to ports
   * @param scoped ways to other processes
   */
  record Handled(long files, long network, long scoped) {
    static Handled by(int version, boolean meets) {
      boolean refusesSockets = version >= FIRST_WITH_RESOLVE_UNIX && !meets;
      return new Handled(
          FILES | (refusesSockets ? linux_landlock.LANDLOCK_ACCESS_FS_RESOLVE_UNIX : 0),
          linux_landlock.LANDLOCK_ACCESS_NET_BIND_TCP | udp(version),
          linux_landlock.LANDLOCK_SCOPE_SIGNAL
              | (meets ? 0 : linux_landlock.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET));
    }

    private static long udp(int version) {
      return version >= FIRST_WITH_UDP ? linux_landlock.LANDLOCK_ACCESS_NET_BIND_UDP : 0;
    }
  }

  private Landlock(Handled handled) throws NativeFailure {
    ByteBuffer attr = struct();
    attr.putLong(landlock_ruleset_attr.handled_access_fs, handled.files);
    attr.putLong(landlock_ruleset_attr.handled_access_net, handled.network);
    attr.putLong(landlock_ruleset_attr.scoped, handled.scoped);
    long size = landlock_ruleset_attr.scoped + Long.BYTES;
    ruleset = create(Scratch.ofThread().struct.address(), size, 0);
    if (ruleset < 0) {
      throw NativeFailure.last("landlock_create_ruleset", handled.toString());
    }
  }

  /**
   * Binds this process.
   *
   * @param reach asks filesystems, perhaps, so it is asked on a thread of its own
   * @param patience how long to wait for filesystems
   */
  public static Outcome bind(Callable<Reach> reach, Duration patience) {
    int version = create(0, 0, linux_landlock.LANDLOCK_CREATE_RULESET_VERSION);
    if (version < FIRST_FOR_ALL_THREADS) {
      return new Outcome.Unavailable(
          version < 0
              ? "landlock_create_ruleset: " + Errno.name(Native.getLastError())
              : "its Landlock, version " + version + ", binds single threads");
    }
    FutureTask<Landlock> preparing = new FutureTask<>(() -> prepare(version, reach.call()));
    Thread thread = new Thread(preparing, "landlock");
    thread.setDaemon(true);
    thread.start();
    try {
      preparing.get(patience.toMillis(), TimeUnit.MILLISECONDS).restrict();
      return new Outcome.Bound();
    } catch (TimeoutException e) {
      return new Outcome.Failed("a directory of its files is slow to look at");
    } catch (ExecutionException | IOException e) {
      return new Outcome.Failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed("interrupted");
    }
  }

  private static Landlock prepare(int version, Reach reach) throws NativeFailure {
    Landlock landlock = new Landlock(Handled.by(version, reach.meets()));
    landlock.allow(ROOT, linux_landlock.LANDLOCK_ACCESS_FS_READ_DIR);
    for (Path path : reach.reads()) {
      landlock.allow(path, linux_landlock.LANDLOCK_ACCESS_FS_READ_FILE);
    }
    for (Path path : reach.removes()) {
      landlock.allow(path, linux_landlock.LANDLOCK_ACCESS_FS_REMOVE_FILE);
    }
    if (version >= FIRST_WITH_UDP) {
      landlock.allowPort(0, linux_landlock.LANDLOCK_ACCESS_NET_BIND_UDP);
    }
    return landlock;
  }

  private void allow(Path path, long rights) throws NativeFailure {
    byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
    String name = new String(bytes, StandardCharsets.ISO_8859_1);
    int fd = Openat.open(fcntl.AT_FDCWD, name, fcntl.O_PATH);
    if (fd < 0) {
      return; // nothing is there that could be read
    }
    struct().putLong(landlock_path_beneath_attr.allowed_access, rights);
    struct().putInt(landlock_path_beneath_attr.parent_fd, fd);
    int result = add(linux_landlock.LANDLOCK_RULE_PATH_BENEATH);
    NativeFailure failure = NativeFailure.last("landlock_add_rule", name);
    Libc.close(fd);
    if (result != 0) {
      throw failure;
    }
  }

  private void allowPort(int port, long rights) throws NativeFailure {
    struct().putLong(landlock_net_port_attr.allowed_access, rights);
    struct().putLong(landlock_net_port_attr.port, port);
    if (add(linux_landlock.LANDLOCK_RULE_NET_PORT) != 0) {
      throw NativeFailure.last("landlock_add_rule", "port " + port);
    }
  }

  private int add(int type) {
    long attr = Scratch.ofThread().struct.address();
    return (int) Libc.syscall(sys_syscall.SYS_landlock_add_rule, ruleset, type, attr, 0, 0);
  }

  private void restrict() throws IOException {
    try {
      requireThatNoneWaits();
      long number = sys_syscall.SYS_landlock_restrict_self;
      int flags = linux_landlock.LANDLOCK_RESTRICT_SELF_TSYNC;
      if (Libc.syscall(number, ruleset, flags, 0, 0, 0) != 0) {
        throw NativeFailure.last("landlock_restrict_self", "all threads");
      }
    } finally {
      Libc.close(ruleset);
    }
  }

  private static void requireThatNoneWaits() throws IOException {
    for (int i = 0; i < LOOKS; i++) {
      if (!oneWaits()) {
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new IOException("a thread waits for a disk or a file server");
  }

  private static boolean oneWaits() {
    String[] threads = Objects.requireNonNullElse(TASKS.toFile().list(), new String[0]);
    return Arrays.stream(threads).map(TASKS::resolve).anyMatch(Landlock::waits);
  }

  /** Whether no signal can reach it now: state D, third field of proc_pid_stat(5). */
  private static boolean waits(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
      return stat.startsWith("D", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static int create(long attr, long size, int flags) {
    return (int) Libc.syscall(sys_syscall.SYS_landlock_create_ruleset, attr, size, flags, 0, 0);
  }

  private static ByteBuffer struct() {
    return Scratch.ofThread().struct.fields();
  }
}
