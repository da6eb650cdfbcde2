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

/** {@link Headers} against the system's headers, by way of src/native-headers. */
class NativeHeadersTest {
  private static final Path PROBES = Path.of("src/native-headers");

  static Stream<Class<?>> headers() {
    return Stream.of(Headers.class.getDeclaredClasses());
  }

  @Test
  void probes_oneForEachMappedHeader_noMore() throws IOException {
    Set<String> mapped = new TreeSet<>();
    headers().forEach(header -> mapped.add(header.getSimpleName()));
    assertEquals(mapped, names(".c"));
    assertEquals(mapped, names(".golden"));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void header_compiled_printsTheGoldenLayout(Class<?> header, @TempDir Path directory)
      throws Exception {
    assertEquals(golden(header), printed(header, directory));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void mapping_allOfIt_isTheGoldenLayout(Class<?> header) throws Exception {
    Map<String, Long> mapped = new TreeMap<>();
    addConstants("", header, mapped);
    for (Class<?> struct : header.getDeclaredClasses()) {
      addConstants(struct.getSimpleName() + ".", struct, mapped);
    }
    assertEquals(values(golden(header)), mapped);
  }

  @Test
  void scratch_holdsEveryStruct() {
    int capacity = Scratch.ofThread().struct.fields().capacity();
    for (int size :
        new int[] {
          Headers.sys_stat.statx.SIZE,
          Headers.sys_statfs.statfs.SIZE,
          Headers.linux_quota.if_dqblk.SIZE,
          Headers.linux_dqblk_xfs.fs_disk_quota.SIZE,
          Headers.linux_dqblk_xfs.fs_quota_statv.SIZE,
          Headers.xfs_xfs.xfs_fsop_geom_v4.SIZE,
        }) {
      assertTrue(size <= capacity, size + " bytes");
    }
    assertTrue(Headers.pwd.passwd.SIZE <= Accounts.RESULT);
    assertTrue(Headers.grp.group.SIZE <= Accounts.RESULT);
  }

  private static void addConstants(String prefix, Class<?> from, Map<String, Long> to)
      throws IllegalAccessException {
    for (Field field : from.getDeclaredFields()) {
      if (!field.isSynthetic()) {
        to.put(prefix + field.getName(), field.getLong(null));
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

  private static List<String> golden(Class<?> header) throws IOException {
    String arch = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    Path own = PROBES.resolve(header.getSimpleName() + ".golden." + arch);
    Path common = PROBES.resolve(header.getSimpleName() + ".golden");
    return Files.readAllLines(Files.exists(own) ? own : common);
  }

  private static List<String> printed(Class<?> header, Path directory) throws Exception {
    Path source = PROBES.resolve(header.getSimpleName() + ".c");
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
