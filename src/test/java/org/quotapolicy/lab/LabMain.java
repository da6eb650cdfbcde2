// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.platform.engine.discovery.ClassNameFilter.excludeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.Filter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.reporting.legacy.xml.LegacyXmlReportGeneratingListener;

/**
 * Runs the cases of this package in the guest: {@code LabMain MINIMUM [CLASS...]}, all but those of
 * classes that are named with a minus sign, as {@code -Report}.
 *
 * <p>Prints each case with its time, and as its last line {@code Lab: N passed, N failed, N
 * skipped}. Exit status 0 only if none failed, none was skipped, and at least MINIMUM ran.
 */
public final class LabMain {
  private static final Path RESULTS = Path.of("/lab/results");

  /** Marks classes that need a guest of their own: they install the package, and remove it. */
  static final String OWN_GUEST = "own-guest";

  private LabMain() {}

  /** Runs the cases; the exit status is the verdict. */
  public static void main(String[] arguments) {
    long minimum = Long.parseLong(arguments[0]);
    CasePrinter printer = new CasePrinter(System.out);
    LauncherFactory.create()
        .execute(
            request(Arrays.asList(arguments).subList(1, arguments.length)),
            printer,
            new LegacyXmlReportGeneratingListener(
                RESULTS, new PrintWriter(System.err, true, UTF_8)));
    printer.printSummary();
    System.exit(printer.isGood(minimum) ? 0 : 1);
  }

  private static LauncherDiscoveryRequest request(List<String> classes) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(isAll(classes) ? List.of(everything()) : selectors(classes))
        .filters(isAll(classes) ? filters(classes) : new Filter<?>[0])
        .configurationParameter(
            "junit.jupiter.testclass.order.default", "org.junit.jupiter.api.ClassOrderer$ClassName")
        .configurationParameter(
            "junit.jupiter.testmethod.order.default",
            "org.junit.jupiter.api.MethodOrderer$MethodName")
        // A guest that hangs is ended from outside; this says in which case it was.
        .configurationParameter("junit.jupiter.execution.timeout.default", "90 s")
        .build();
  }

  private static boolean isAll(List<String> classes) {
    return classes.stream().allMatch(name -> name.startsWith("-"));
  }

  private static Filter<?>[] filters(List<String> leftOut) {
    List<Filter<?>> filters = new ArrayList<>();
    filters.add(TagFilter.excludeTags(OWN_GUEST));
    leftOut.forEach(name -> filters.add(excludeClassNamePatterns(".*\\." + name.substring(1))));
    return filters.toArray(Filter<?>[]::new);
  }

  private static DiscoverySelector everything() {
    return selectPackage(LabMain.class.getPackageName());
  }

  private static List<DiscoverySelector> selectors(List<String> classes) {
    return classes.stream()
        .<DiscoverySelector>map(name -> selectClass(LabMain.class.getPackageName() + "." + name))
        .toList();
  }
}
