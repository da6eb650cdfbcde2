// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;

/** One running {@code quotapolicy daemon}, as a service manager would start it. */
final class Daemon implements AutoCloseable {
  static final String USER = "quotapolicy";
  static final Path HOME = Path.of("/var/spool/postfix/quotapolicy");
  static final Path SOCKET = HOME.resolve("quotapolicy.socket");
  static final Path PID_FILE = HOME.resolve("quotapolicy.pid");

  /** Set as --on-error, so that "could not tell" is seen apart from "has room". */
  static final String COULD_NOT_TELL = "DEFER_IF_PERMIT 4.3.0 Could not tell";

  private static final Duration READY = Duration.ofSeconds(60);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Process process;
  private final Path log;

  private Daemon(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Started as root; ready when this returns. */
  static Daemon direct(String... options) {
    return start(command(options)).awaitReady();
  }

  /** Started as root where the filesystems are mounted read-only, as by systemd's ProtectSystem. */
  static Daemon directAndProtected(String... options) {
    return directAfter("for fs in /home /srv/xfs; do mount -o remount,bind,ro $fs; done", options);
  }

  /** Started as root where no device of a filesystem has a node, as in a container. */
  static Daemon directWithoutDevices(String... options) {
    String nodes =
        "for node in null:3 random:8 urandom:9; do mknod -m 666 /dev/${node%:*} c 1 ${node#*:}; done";
    return directAfter("mount -t tmpfs tmpfs /dev; " + nodes, options);
  }

  private static Daemon directAfter(String mounts, String... options) {
    String script = mounts + "; exec \"$@\"";
    return directBy(List.of("unshare", "--mount", "sh", "-ec", script, "sh"), options);
  }

  /** Started as root by a program that becomes it. */
  static Daemon directBy(List<String> program, String... options) {
    List<String> words = new ArrayList<>(program);
    words.addAll(command(options));
    return start(words).awaitReady();
  }

  /** Started as the unprivileged user; ready when this returns. */
  static Daemon sudo(String... options) {
    return trySudo(options).awaitReady();
  }

  /** Started as the unprivileged user, perhaps in vain. */
  static Daemon trySudo(String... options) {
    return start(Guest.asUser(USER, command(options).toArray(String[]::new)));
  }

  /** Started as root, perhaps in vain. */
  static Daemon tryDirect(String... options) {
    return start(command(options));
  }

  /** The daemon's process. */
  long pid() {
    return process.pid();
  }

  /** The helper's JVM, below whatever started it; the newest, where an old one is still stopped. */
  long helperPid() {
    return Long.parseLong(Guest.must("pgrep -n -x -u quotapolicy-helper java").strip());
  }

  /** All that it has said so far. */
  String log() {
    return Guest.read(log);
  }

  /** Has it read its configuration again, and waits until that is in force. */
  void reload() {
    long before = reloads();
    Guest.must("kill -HUP " + pid());
    Guest.await("reloaded:\n" + log(), Duration.ofSeconds(10), () -> reloads() > before);
  }

  private long reloads() {
    return log().lines().filter(line -> line.endsWith("configuration reloaded")).count();
  }

  /** Asks it to end; returns its exit status. */
  int stop() {
    process.destroy();
    return awaitEnd(Duration.ofSeconds(20));
  }

  /** Waits for its end; returns its exit status. */
  int awaitEnd(Duration limit) {
    try {
      Assertions.assertTrue(
          process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS),
          () -> "the daemon has not ended within " + limit + "\n" + log());
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it, by force if need be, and leaves no stale files to the next. */
  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(SOCKET);
      Files.deleteIfExists(PID_FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<String> command(String... options) {
    List<String> words = new ArrayList<>(List.of("/usr/bin/quotapolicy", "daemon"));
    words.addAll(List.of(options));
    return words;
  }

  private static Daemon start(List<String> command) {
    Path log = Path.of("/lab/results/daemon-" + COUNT.incrementAndGet() + ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new Daemon(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Daemon awaitReady() {
    long deadline = System.nanoTime() + READY.toNanos();
    while (!log().contains("ready: listening on " + SOCKET)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        Assertions.fail("no ready line:\n" + log());
      }
      Guest.pause(Duration.ofMillis(50));
    }
    return this;
  }
}
