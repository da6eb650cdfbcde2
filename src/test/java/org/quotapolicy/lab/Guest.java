// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/** Commands in the guest, each with a time limit. */
final class Guest {
  /** Not /tmp: some cases watch it. */
  private static final Path SCRATCH = Path.of("/run/lab");

  private static final Duration LIMIT = Duration.ofMinutes(4);

  static {
    // Named to Maven, these classes run on the host, and would make its accounts and mounts others.
    if (!Files.isDirectory(Path.of("/lab/repo"))) {
      throw new IllegalStateException("not in the lab's guest: use src/test/lab/run");
    }
  }

  private Guest() {}

  /** How a command ended. */
  record Result(int status, String out, String err) {
    /** All that it said, for messages. */
    String text() {
      return "status " + status + "\n" + out + err;
    }
  }

  /** Runs a command as root, without input. */
  static Result run(String... command) {
    return run(List.of(command));
  }

  /** Runs a command with the ids of a user and nothing else of root's. */
  static Result runAs(String user, String... command) {
    return run(asUser(user, command));
  }

  /** Runs a shell command as root. */
  static Result sh(String script) {
    return run("sh", "-c", script);
  }

  /** Runs a shell command that must succeed; returns what it said. */
  static String must(String script) {
    Result result = sh(script);
    Assertions.assertEquals(0, result.status(), () -> script + ": " + result.text());
    return result.out();
  }

  /** Waits until these threads have ended. */
  static void join(List<Thread> threads) {
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** The command that becomes a user and then runs a command. */
  static List<String> asUser(String user, String... command) {
    String gid = String.valueOf(gid(user)); // the group may have no name
    List<String> words = new ArrayList<>(List.of("setpriv", "--reuid", user, "--regid", gid));
    words.addAll(List.of("--clear-groups", "env", "HOME=" + home(user)));
    words.addAll(List.of(command));
    return words;
  }

  /** The home directory that the name service knows. */
  static String home(String user) {
    return passwd(user)[5];
  }

  /** The numeric user id. */
  static long uid(String user) {
    return Long.parseLong(passwd(user)[2]);
  }

  /** The numeric id of the primary group. */
  static long gid(String user) {
    return Long.parseLong(passwd(user)[3]);
  }

  /** Waits until something is so, and fails when it is not in time. */
  static void await(String what, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        Assertions.fail("not within " + limit.toMillis() + " ms: " + what);
      }
      pause(Duration.ofMillis(20));
    }
  }

  /** Sleeps. */
  static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The whole text of a file; bytes that are no UTF-8 do not matter. */
  static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Result run(List<String> command) {
    Path out = null;
    Path err = null;
    try {
      Files.createDirectories(SCRATCH);
      out = Files.createTempFile(SCRATCH, "out", "");
      err = Files.createTempFile(SCRATCH, "err", "");
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        Assertions.fail("not ended after " + LIMIT + ": " + command + "\n" + read(out) + read(err));
      }
      return new Result(process.exitValue(), read(out), read(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      delete(out);
      delete(err);
    }
  }

  private static void delete(@Nullable Path file) {
    if (file != null) {
      Assertions.assertTrue(file.toFile().delete(), file.toString());
    }
  }

  private static String[] passwd(String user) {
    return read(Path.of("/etc/passwd"))
        .lines()
        .filter(line -> line.startsWith(user + ":"))
        .map(line -> line.split(":", -1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no user " + user));
  }
}
