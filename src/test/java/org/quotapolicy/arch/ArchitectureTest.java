// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.arch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.quotapolicy");

  private static final JavaClasses VIOLATIONS =
      new ClassFileImporter().importPackages("org.quotapolicy.arch.red");

  @TestFactory
  Stream<DynamicTest> eachPackage_usesOnlyWhatItMay() {
    return Rules.packages().stream().flatMap(name -> both(name, Rules.usesOnlyWhatItMay(name)));
  }

  @TestFactory
  Stream<DynamicTest> eachLibrary_isKnownOnlyToItsPackages() {
    return Rules.libraries().stream()
        .flatMap(library -> both(library, Rules.isKnownOnlyToItsPackages(library)));
  }

  @TestFactory
  Stream<DynamicTest> purePackages_touchNothing() {
    return both("pure packages", Rules.pureTouchesNothing());
  }

  @TestFactory
  Stream<DynamicTest> helper_startsNothing() {
    return both("helper", Rules.helperStartsNothing());
  }

  @TestFactory
  Stream<DynamicTest> rawMappings_arePackagePrivate() {
    return both("raw mappings", Rules.rawMappingsArePackagePrivate());
  }

  @TestFactory
  Stream<DynamicTest> rawCalls_areOfKernelAndSystem() {
    return both("raw calls", Rules.rawCallsAreOfKernelAndSystem());
  }

  /** The rule holds for the program, and fails for the small classes that break it on purpose. */
  private static Stream<DynamicTest> both(String name, ArchRule rule) {
    return Stream.of(
        DynamicTest.dynamicTest(name, () -> rule.check(PROGRAM)),
        DynamicTest.dynamicTest(
            name + ", red twin",
            () -> {
              AssertionError error =
                  assertThrows(AssertionError.class, () -> rule.check(VIOLATIONS));
              assertTrue(String.valueOf(error.getMessage()).contains("arch.red."), "no violation");
            }));
  }
}
