// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What /proc says about processes. */
final class Proc {
  private Proc() {}

  /** The {@code status} file of one thread. */
  record Status(Map<String, String> fields) {
    /** The value of a field, which must be there. */
    String get(String name) {
      return Objects.requireNonNull(fields.get(name), () -> name + " is not in " + fields);
    }
  }

  /** The status of each thread. Threads that end meanwhile are left out. */
  static List<Status> threads(long pid) {
    List<Status> threads = new ArrayList<>();
    for (Path thread : list(Path.of("/proc/" + pid + "/task"))) {
      try {
        threads.add(status(Files.readAllLines(thread.resolve("status"))));
      } catch (IOException e) {
        // Ended between listing and reading.
      }
    }
    return threads;
  }

  /** Each open descriptor and what it is. */
  static Map<Integer, String> descriptors(long pid) {
    Map<Integer, String> descriptors = new TreeMap<>();
    for (Path link : list(Path.of("/proc/" + pid + "/fd"))) {
      try {
        int number = Integer.parseInt(link.getFileName().toString());
        descriptors.put(number, Files.readSymbolicLink(link).toString());
      } catch (NoSuchFileException e) {
        // Closed between listing and reading.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return descriptors;
  }

  /** The files that are mapped into a process. */
  static List<Path> mappedFiles(long pid) {
    return Guest.read(Path.of("/proc/" + pid + "/maps"))
        .lines()
        .filter(line -> line.contains(" /"))
        .map(line -> Path.of(line.substring(line.indexOf(" /") + 1)))
        .distinct()
        .toList();
  }

  /** Processes and threads that were ever started on this kernel. */
  static long forks() {
    return Guest.read(Path.of("/proc/stat"))
        .lines()
        .filter(line -> line.startsWith("processes "))
        .mapToLong(line -> Long.parseLong(line.substring("processes ".length())))
        .sum();
  }

  /** The words of a process's command line; empty if there is no such process. */
  static List<String> commandLine(long pid) {
    Path file = Path.of("/proc/" + pid + "/cmdline");
    return Files.exists(file) ? List.of(Guest.read(file).split("\0", 0)) : List.of();
  }

  /** The processes of that name and user that have not ended. */
  static Set<Long> named(String name, long uid) {
    Set<Long> found = new HashSet<>();
    for (Path process : list(Path.of("/proc"))) {
      String pid = process.getFileName().toString();
      if (pid.matches("[0-9]+") && isNamed(Long.parseLong(pid), name, uid)) {
        found.add(Long.valueOf(pid));
      }
    }
    return found;
  }

  private static boolean isNamed(long pid, String name, long uid) {
    return running(pid)
        .filter(status -> status.get("Name").equals(name))
        .filter(status -> status.get("Uid").startsWith(uid + "\t"))
        .isPresent();
  }

  /**
   * Its status, unless it has ended. A zombie has: sudo(8), which stops when what it started is
   * stopped, leaves them for long.
   */
  static Optional<Status> running(long pid) {
    try {
      Status status = status(Files.readAllLines(Path.of("/proc/" + pid + "/status")));
      return Optional.of(status).filter(known -> !known.get("State").startsWith("Z"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Status status(List<String> lines) {
    Map<String, String> fields = new HashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new Status(fields);
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
