// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Prints each case when it ends, and counts; a container that fails counts as a failed case. */
final class CasePrinter implements TestExecutionListener {
  private final PrintStream out;
  private final Map<String, Long> startedAt = new HashMap<>();
  private long passed;
  private long failed;
  private long skipped;

  CasePrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    startedAt.put(test.getUniqueId(), System.nanoTime());
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    skipped++;
    out.printf("skipped         %s: %s%n", name(test), reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          passed++;
          print("ok", test);
        }
      }
      case ABORTED -> {
        skipped++;
        print("aborted", test);
      }
      case FAILED -> {
        failed++;
        print("FAILED", test);
        result.getThrowable().ifPresent(this::explain);
      }
    }
  }

  /** The one line that says how it ended. */
  void printSummary() {
    out.printf("Lab: %d passed, %d failed, %d skipped%n", passed, failed, skipped);
  }

  /** Whether all was executed and nothing failed. */
  boolean isGood(long minimum) {
    if (passed < minimum) {
      System.err.printf("lab: only %d cases passed, expected at least %d%n", passed, minimum);
    }
    return failed == 0 && skipped == 0 && passed >= minimum;
  }

  private void print(String outcome, TestIdentifier test) {
    long nanoseconds =
        System.nanoTime() - startedAt.getOrDefault(test.getUniqueId(), System.nanoTime());
    out.printf("%-7s %5.1f s %s%n", outcome, nanoseconds / 1e9, name(test));
  }

  private void explain(Throwable thrown) {
    out.println("  " + String.valueOf(thrown.getMessage()).replace("\n", "\n  "));
    for (StackTraceElement element : thrown.getStackTrace()) {
      if (element.getClassName().startsWith(LabMain.class.getPackageName())) {
        out.println("    at " + element);
      }
    }
  }

  private static String name(TestIdentifier test) {
    Optional<MethodSource> method =
        test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast);
    if (method.isEmpty()) {
      return test.getDisplayName();
    }
    String className = method.get().getClassName();
    String named = className.substring(className.lastIndexOf('.') + 1);
    String subject = named + "." + method.get().getMethodName();
    boolean isOneOfMany = test.getDisplayName().startsWith("[");
    return isOneOfMany ? subject + " " + test.getDisplayName() : subject;
  }
}
