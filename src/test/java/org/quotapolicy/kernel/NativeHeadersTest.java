// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link Headers}, and those of package system, against the system's headers, by way of
 * src/native-headers.
 */
class NativeHeadersTest {
  private static final Path PROBES = Path.of("src/native-headers");

  /** The mappings of the helper, and those of the daemon alone, which are another package's. */
  private static Stream<Class<?>> mappings() {
    try {
      Class<?> ofDaemon = Class.forName("org.quotapolicy.system.Headers");
      return Stream.of(Headers.class, ofDaemon)
          .flatMap(mapping -> Stream.of(mapping.getDeclaredClasses()));
    } catch (ClassNotFoundException e) {
      return fail(e);
    }
  }

  /** Names of the headers. */
  static Stream<String> headers() {
    return mappings().map(Class::getSimpleName).distinct();
  }

  @Test
  void probes_oneForEachMappedHeader_noMore() throws IOException {
    Set<String> mapped = new TreeSet<>();
    headers().forEach(mapped::add);
    assertEquals(mapped, names(".c"));
    assertEquals(mapped, names(".golden"));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void header_compiled_printsTheGoldenLayout(String header, @TempDir Path directory)
      throws Exception {
    assertEquals(golden(header), printed(header, directory));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void mapping_allOfIt_isTheGoldenLayout(String header) throws Exception {
    Map<String, Long> mapped = new TreeMap<>();
    for (Class<?> mapping :
        mappings().filter(some -> some.getSimpleName().equals(header)).toList()) {
      addConstants("", mapping, mapped);
      for (Class<?> struct : mapping.getDeclaredClasses()) {
        addConstants(struct.getSimpleName() + ".", struct, mapped);
      }
    }
    assertEquals(values(golden(header)), mapped);
  }

  @ParameterizedTest
  @MethodSource("headers")
  void scratch_holdsEveryStruct(String header) throws Exception {
    int capacity = Scratch.ofThread().struct.fields().capacity();
    for (Map.Entry<String, Long> size : values(golden(header)).entrySet()) {
      assertTrue(!size.getKey().endsWith(".SIZE") || size.getValue() <= capacity, size::toString);
    }
  }

  @Test
  void passwd_leavesRoomForTheResultBehindIt() {
    assertTrue(Headers.pwd.passwd.SIZE <= Accounts.RESULT);
  }

  private static void addConstants(String prefix, Class<?> from, Map<String, Long> to)
      throws IllegalAccessException {
    for (Field field : from.getDeclaredFields()) {
      if (!field.isSynthetic()) {
        field.setAccessible(true);
        long value = field.getLong(null);
        Long other = to.put(prefix + field.getName(), value);
        assertTrue(other == null || other == value, () -> prefix + field.getName() + " twice");
      }
    }
  }

  private static Map<String, Long> values(List<String> lines) {
    Map<String, Long> values = new TreeMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      values.put(words[0], Long.parseLong(words[1]));
    }
    return values;
  }

  private static Set<String> names(String ending) throws IOException {
    try (Stream<Path> files = Files.list(PROBES)) {
      Set<String> names = new TreeSet<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .forEach(name -> names.add(name.substring(0, name.length() - ending.length())));
      return names;
    }
  }

  private static List<String> golden(String header) throws IOException {
    String arch = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    Path own = PROBES.resolve(header + ".golden." + arch);
    Path common = PROBES.resolve(header + ".golden");
    return Files.readAllLines(Files.exists(own) ? own : common);
  }

  private static List<String> printed(String header, Path directory) throws Exception {
    Path source = PROBES.resolve(header + ".c");
    Path program = directory.resolve("probe");
    run(
        "cc",
        "-std=c11",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-o",
        program.toString(),
        source.toString());
    return run(program.toString());
  }

  private static List<String> run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return fail("cannot run " + command[0] + ": install gcc and libc6-dev", e);
    }
    byte[] output = process.getInputStream().readAllBytes();
    List<String> lines =
        new ArrayList<>(new String(output, StandardCharsets.UTF_8).lines().toList());
    assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
    return lines;
  }
}
