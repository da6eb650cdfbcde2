// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/**
 * One running {@code stores}, the C program in src/test/lab/stores.c: sets limits and stores
 * messages as a user, thousands of times, without a new process for each step.
 */
final class Stores implements AutoCloseable {
  private static final String SOURCE = "/lab/repo/src/test/lab/stores.c";
  private static final Path PROGRAM = Path.of("/run/lab-stores");
  private static final int EDQUOT = 122;

  /** What XFS says when a project has no room. */
  private static final int ENOSPC = 28;

  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;

  /** Compiles it and starts it. */
  Stores() {
    Guest.must("cc -O1 -Wall -Wextra -Werror -o " + PROGRAM + " " + SOURCE);
    try {
      process =
          new ProcessBuilder(PROGRAM.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an id uses: bytes, or inodes. */
  record Usage(long space, long inodes) {}

  /**
   * The limits of one id.
   *
   * @param softSpace in units of 512 bytes, as all space here; 0 = none
   * @param spaceTimer when its grace ends, in seconds from now; 0 = no timer runs, "-" = whatever
   *     the kernel does
   */
  record Limits(
      long softSpace,
      long hardSpace,
      long softInodes,
      long hardInodes,
      String spaceTimer,
      String inodeTimer) {
    static final Limits NONE = new Limits(0, 0, 0, 0, "-", "-");

    /** The same, and so many bytes more where space is limited. */
    Limits withMoreSpace(long bytes) {
      return new Limits(
          softSpace == 0 ? 0 : softSpace + bytes / 512,
          hardSpace == 0 ? 0 : hardSpace + bytes / 512,
          softInodes,
          hardInodes,
          spaceTimer,
          inodeTimer);
    }

    /** The same, but over the soft limit is only who has used more than these bytes. */
    Limits withSoftSpaceFrom(long bytes) {
      return new Limits(
          softSpace == 0 ? 0 : Math.max(softSpace, bytes / 512),
          hardSpace,
          softInodes,
          hardInodes,
          spaceTimer,
          inodeTimer);
    }

    static Limits hardSpace(long bytes) {
      return new Limits(0, bytes / 512, 0, 0, "-", "-");
    }
  }

  Usage usage(String device, int type, long id) {
    String[] words = must("get", device, type, id).split(" ", -1);
    return new Usage(Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  void limit(String device, int type, long id, Limits limits) {
    must(
        "limit",
        device,
        type,
        id,
        limits.softSpace(),
        limits.hardSpace(),
        limits.softInodes(),
        limits.hardInodes(),
        limits.spaceTimer(),
        limits.inodeTimer());
  }

  /** Sets a hard limit of space for so many ids, each so far from the one before. */
  void limits(String device, int type, long first, long count, long step, long bytes) {
    must("limits", device, type, first, count, step, bytes / 512);
  }

  /** Sets the grace periods of a quota type, in seconds. */
  void grace(String device, int type, long space, long inodes) {
    must("grace", device, type, space, inodes);
  }

  /** Makes a file take that many bytes. Nobody may have limits. */
  void fill(String file, long bytes, StoreUser owner) {
    must("fill", file, bytes, owner.uid(), owner.gid());
  }

  /** Removes a file, and does not wait for its space to come back. */
  void remove(String file) {
    must("remove", file);
  }

  /** Makes empty files. Nobody may have limits. */
  void files(String directory, int count, StoreUser owner) {
    must("files", directory, count, owner.uid(), owner.gid());
  }

  /** Whether a user can store a new file of that size; afterwards it is gone. */
  boolean letsStore(String directory, long size, int chunk, StoreUser user, StoreDisk disk) {
    return lets("store", directory, size, chunk, user, disk);
  }

  /** Whether a user can append so much to a file, which need not exist; if so, it stays there. */
  boolean letsAppend(String file, long size, int chunk, StoreUser user, StoreDisk disk) {
    return lets("append", file, size, chunk, user, disk);
  }

  /** The same as local(8) does it, who has a lock file beside an mbox for as long. */
  boolean letsDeliver(String mbox, long size, int chunk, StoreUser user, StoreDisk disk) {
    return lets("deliver", mbox, size, chunk, user, disk);
  }

  private boolean lets(
      String what, String path, long size, int chunk, StoreUser user, StoreDisk disk) {
    long project = disk.kind().id(StoreDisk.PROJECT, user);
    String answer = ask(what, path, size, chunk, user.uid(), user.gid(), project, disk.device());
    if (answer.equals("ok")) {
      return true;
    }
    // Any other failure than these says nothing about quotas.
    boolean isOfProject =
        disk.kind().isXfs() && disk.kind().hasProjects() && answer.startsWith("errno " + ENOSPC);
    Assertions.assertTrue(isOfProject || answer.startsWith("errno " + EDQUOT + " "), answer);
    return false;
  }

  private String must(Object... words) {
    String answer = ask(words);
    Assertions.assertTrue(answer.startsWith("ok"), () -> Arrays.toString(words) + ": " + answer);
    return answer;
  }

  private String ask(Object... words) {
    try {
      orders.write(Stream.of(words).map(String::valueOf).collect(Collectors.joining(" ")) + "\n");
      orders.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new AssertionError("stores has ended");
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      orders.close();
      process.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
