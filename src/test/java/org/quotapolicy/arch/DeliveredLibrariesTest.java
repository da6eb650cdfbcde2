// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each jar that the launcher puts on a class path has a checksum in the build, and a licence. */
final class DeliveredLibrariesTest {
  private static final Set<String> OWN = Set.of("quotapolicy", "quotapolicy-helper");

  @Test
  void eachJarOfTheLauncher_hasAChecksumInTheBuild() throws IOException {
    Set<String> checked = found("pom.xml", "/test-lib/([a-z-]+)-\\$\\{[a-z.]+}\\.jar</file>");
    checked.remove("junixsocket-native-common"); // of which only the native libraries are delivered
    assertEquals(ofTheLauncher(), checked);
  }

  @Test
  void eachJarOfTheLauncher_hasALicence() throws IOException {
    Set<String> licensed =
        found("src/assembly/THIRD-PARTY", "lib/([a-z-]+)\\.jar +\\S+, Apache-2.0");
    assertTrue(licensed.containsAll(ofTheLauncher()), licensed::toString);
  }

  private static Set<String> ofTheLauncher() throws IOException {
    Set<String> jars = found("setup/bin/quotapolicy", "\\$lib/([a-z-]+)\\.jar");
    jars.removeAll(OWN);
    return jars;
  }

  private static Set<String> found(String file, String pattern) throws IOException {
    Set<String> names = new TreeSet<>();
    Pattern.compile(pattern)
        .matcher(Files.readString(Path.of(file)))
        .results()
        .forEach(match -> names.add(match.group(1)));
    return names;
  }
}
