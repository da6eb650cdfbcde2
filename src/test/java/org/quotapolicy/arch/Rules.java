// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.quotapolicy.kernel.Jna;
import org.quotapolicy.kernel.Machine;
import org.quotapolicy.kernel.Openat;
import org.quotapolicy.kernel.Scratch;
import org.quotapolicy.kernel.Seccomp;
import org.quotapolicy.kernel.Statx;
import org.quotapolicy.kernel.SyscallFilter;
import org.quotapolicy.kernel.ThreadStatus;

/** The table "Packages" of docs/architecture.md as rules. */
final class Rules {
  private static final String ROOT = "org.quotapolicy.";

  /** What each package may use of the others; java and jspecify go without saying. */
  private static final Map<String, List<String>> MAY_USE = new LinkedHashMap<>();

  static {
    MAY_USE.put("quota", List.of());
    MAY_USE.put("verdict", List.of("quota"));
    MAY_USE.put("policy", List.of());
    MAY_USE.put("wire", List.of("quota"));
    MAY_USE.put("kernel", List.of("quota"));
    MAY_USE.put("system", List.of("kernel", "quota"));
    MAY_USE.put("helper", List.of("kernel", "wire", "quota"));
    MAY_USE.put("helperclient", List.of("kernel", "wire", "quota", "verdict"));
    MAY_USE.put("mailbox", List.of("quota", "verdict", "kernel", "system"));
    MAY_USE.put("rquota", List.of("quota"));
    MAY_USE.put("config", List.of("policy"));
    MAY_USE.put(
        "server",
        List.of(
            "policy", "mailbox", "rquota", "helperclient", "system", "wire", "quota", "verdict"));
  }

  /** Libraries, each with the only packages that may know it. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "com.sun.jna..", List.of("kernel", "system"),
          "org.newsclub..", List.of("server", "cli"),
          "picocli..", List.of("cli"),
          "com.grack..", List.of("cli"));

  private Rules() {}

  static List<String> packages() {
    return List.copyOf(MAY_USE.keySet());
  }

  static ArchRule usesOnlyWhatItMay(String name) {
    String[] allowed =
        Stream.concat(
                MAY_USE.getOrDefault(name, List.of()).stream().map(other -> ROOT + other + ".."),
                Stream.of(ROOT + name + ".."))
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(".." + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.quotapolicy..")
                .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(allowed))))
        .because("docs/architecture.md says what " + name + " may use: " + Arrays.asList(allowed));
  }

  static List<String> libraries() {
    return List.copyOf(LIBRARIES.keySet());
  }

  static ArchRule isKnownOnlyToItsPackages(String library) {
    String[] allowed =
        LIBRARIES.getOrDefault(library, List.of()).stream()
            .map(name -> ".." + name + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideOutsideOfPackages(allowed)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because("only " + Arrays.asList(allowed) + " may know " + library);
  }

  /** What only touches values must not reach for files, sockets, threads, processes or clocks. */
  static ArchRule pureTouchesNothing() {
    return noClasses()
        .that()
        .resideInAnyPackage("..quota..", "..verdict..", "..policy..", "..wire..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.net..", "java.nio.file..", "java.nio.channels..", "java.lang.ref..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            java.io.File.class,
            java.io.FileInputStream.class,
            Thread.class,
            Process.class,
            ProcessBuilder.class,
            java.time.Clock.class)
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime");
  }

  /** Root starts no program and reads no configuration. */
  static ArchRule helperStartsNothing() {
    return noClasses()
        .that()
        .resideInAnyPackage("..helper..", "..kernel..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class, Runtime.Version.class, java.util.Properties.class)
        .orShould()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(Runtime.class, "exec", String.class);
  }

  /** Native methods are raw mappings: nothing outside their package sees them. */
  static ArchRule rawMappingsArePackagePrivate() {
    return classes()
        .that()
        .resideInAnyPackage("..kernel..", "..system..")
        .and()
        .containAnyMethodsThat(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "are native",
                method ->
                    method
                        .getModifiers()
                        .contains(com.tngtech.archunit.core.domain.JavaModifier.NATIVE)))
        .should()
        .notBePublic();
  }

  /** What takes addresses, descriptors and numbers of system calls is public for system alone. */
  static ArchRule rawCallsAreOfKernelAndSystem() {
    return noClasses()
        .that()
        .resideOutsideOfPackages("..kernel..", "..system..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            Jna.class,
            Machine.class,
            Openat.class,
            Scratch.class,
            Seccomp.class,
            Statx.class,
            SyscallFilter.class,
            ThreadStatus.class);
  }
}
