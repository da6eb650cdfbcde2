// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotapolicy.system.DaemonConfinement;

/**
 * The numbers of {@link Confinement}'s tables against the kernel's headers: those of this machine,
 * and those of aarch64, which are the generic ones.
 */
class SystemCallNumbersTest {
  /** What 64-bit machines without a past define before they include the generic numbers. */
  private static final String GENERIC =
      """
      #define __ARCH_WANT_RENAMEAT
      #define __ARCH_WANT_NEW_STAT
      #define __ARCH_WANT_SET_GET_RLIMIT
      #define __ARCH_WANT_SYS_CLONE3
      #include <asm-generic/unistd.h>
      """;

  private static final int NAME = 0;
  private static final int X86_64 = 1;
  private static final int AARCH64 = 2;

  private static List<String[]> calls() throws Exception {
    List<String> tables =
        new ArrayList<>(
            List.of(Confinement.HELPER, DaemonConfinement.NOT_FOR_THE_DAEMON, Confinement.HIDING));
    // The calls with conditions, as they stand in the source.
    Path source = Path.of("src/main/java/org/quotapolicy");
    for (String file :
        List.of(
            "kernel/Confinement.java", "kernel/Seccomp.java", "system/DaemonConfinement.java")) {
      Files.readString(source.resolve(file))
          .lines()
          .filter(line -> line.matches(".*\"\\w+ \\d+ (\\d+|-)\".*"))
          .forEach(line -> tables.add(line.split("\"", -1)[1]));
    }
    List<String[]> calls = new ArrayList<>();
    for (String call : String.join(",", tables).split(",", -1)) {
      calls.add(call.strip().split(" ", -1));
    }
    return calls;
  }

  @Test
  void numbers_ofThisMachine_areTheHeaders(@TempDir Path directory) throws Exception {
    int column = Machine.current() == Machine.X86_64 ? X86_64 : AARCH64;
    assertNumbers("#include <asm/unistd.h>\n", column, directory);
  }

  @Test
  void numbers_ofAarch64_areTheGenericOnes(@TempDir Path directory) throws Exception {
    assertNumbers(GENERIC, AARCH64, directory);
  }

  private static void assertNumbers(String include, int column, Path directory) throws Exception {
    StringBuilder program = new StringBuilder("#include <stdio.h>\n" + include);
    StringBuilder wanted = new StringBuilder();
    program.append("int main(void)\n{\n");
    for (String[] call : calls()) {
      String name = call[NAME];
      program.append("#ifdef __NR_" + name + "\n");
      program.append("printf(\"" + name + " %d\\n\", (int) __NR_" + name + ");\n#else\n");
      program.append("printf(\"" + name + " -\\n\");\n#endif\n");
      wanted.append(name).append(' ').append(call[column]).append('\n');
    }
    Path source = directory.resolve("numbers.c");
    Files.writeString(source, program.append("return 0;\n}\n"));
    String compiled = directory.resolve("numbers").toString();
    assertEquals("", run("cc", "-o", compiled, source.toString()));
    assertEquals(wanted.toString(), run(compiled));
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    process.waitFor();
    return new String(output, StandardCharsets.UTF_8);
  }
}
