// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Identity and capabilities of one thread, as the kernel tells them. Source: proc(5),
 * /proc/pid/task/tid/status.
 */
public final class ThreadStatus {
  private static final Path TASKS = Path.of("/proc/self/task");

  private final String thread;
  private final String status;

  public ThreadStatus(String thread, String status) {
    this.thread = thread;
    this.status = status;
  }

  /** All threads of this process; one that ends meanwhile is left out. */
  public static List<ThreadStatus> ofAll() throws IOException {
    String[] threads = new File(TASKS.toString()).list();
    if (threads == null || threads.length == 0) {
      throw new IOException("cannot list " + TASKS);
    }
    List<ThreadStatus> all = new ArrayList<>();
    for (String thread : threads) {
      addUnlessEnded(thread, all);
    }
    return all;
  }

  private static void addUnlessEnded(String thread, List<ThreadStatus> all) throws IOException {
    Path directory = TASKS.resolve(thread);
    try {
      byte[] status = Files.readAllBytes(directory.resolve("status"));
      all.add(new ThreadStatus(thread, new String(status, StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      if (Files.exists(directory)) {
        throw e;
      }
    }
  }

  /** What stands behind {@code "field:\t"}, without white space around it. */
  String field(String field) throws IOException {
    String start = "\n" + field + ":";
    int from = status.indexOf(start);
    int to = status.indexOf('\n', from + start.length());
    if (from < 0 || to < 0) {
      throw new IOException("thread " + thread + " has no " + field + " in its status");
    }
    return status.substring(from + start.length(), to).trim();
  }

  /** A set of capabilities, as {@code CapEff}: bit n stands for capability n. */
  long capabilities(String field) throws IOException {
    return Long.parseUnsignedLong(field(field), 16);
  }

  /** Refuses if a field is not as it must be. */
  public void require(String field, String wanted) throws IOException {
    if (!field(field).equals(wanted)) {
      throw new IOException(
          "thread " + thread + " has " + field + " " + field(field) + ", must be " + wanted);
    }
  }

  /** Refuses a set of capabilities that holds any beyond {@code allowed}. */
  void requireNoCapabilityBeyond(String field, long allowed) throws IOException {
    if ((capabilities(field) & ~allowed) != 0) {
      throw new IOException(
          "thread " + thread + " has " + field + " " + field(field) + ", which is too much");
    }
  }

  /** Refuses any capability beyond {@code allowed} that the thread has, or could pass on. */
  public void requireCapabilitiesWithin(long allowed) throws IOException {
    requireNoCapabilityBeyond("CapInh", allowed);
    requireNoCapabilityBeyond("CapPrm", allowed);
    requireNoCapabilityBeyond("CapEff", allowed);
    requireNoCapabilityBeyond("CapAmb", allowed);
  }
}
