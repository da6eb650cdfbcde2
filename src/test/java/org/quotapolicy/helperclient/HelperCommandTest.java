// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command that is run, seen from inside of it. */
@Timeout(30)
class HelperCommandTest {
  /** Writes down what it was given, and ends when its standard input does, with status 7. */
  private static final String SCRIPT =
      """
      #!/bin/sh
      out=$(/usr/bin/dirname "$0")/seen
      output=$(/usr/bin/readlink /proc/$$/fd/1)
      {
        for word in "$@"; do echo "word $word"; done
        echo "directory $(/bin/pwd)"
        echo "input $(/usr/bin/readlink /proc/$$/fd/0)"
        echo "output $output"
        /usr/bin/tr '\\0' '\\n' < /proc/$$/environ | /bin/sed 's/^/environment /'
        for fd in /proc/$$/fd/*; do echo "descriptor $(/usr/bin/readlink $fd)"; done
      } > "$out.new"
      /bin/mv "$out.new" "$out"
      /bin/cat > /dev/null 2>&1
      exit 7
      """;

  private final Path directory;
  private final Path program;

  HelperCommandTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    program = directory.resolve("program");
    Files.writeString(program, SCRIPT);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void direct_childGets_socketAndNothingElse() throws Exception {
    assertEquals(
        List.of("word helper", "directory /", "output /dev/null"),
        seenBy(HelperCommand.direct(program.toString())));
  }

  @Test
  void sudo_childGets_fixedWords() throws Exception {
    assertEquals(
        List.of(
            "word -n",
            "word -u",
            "word root",
            "word /usr/lib/quotapolicy/bin/quotapolicy",
            "word helper",
            "directory /",
            "output /dev/null"),
        seenBy(HelperCommand.sudo(program.toString(), "/usr/lib/quotapolicy/bin/quotapolicy")));
  }

  @Test
  void modes_repeatable_onlyBySudo() {
    assertFalse(HelperCommand.direct("/a").isRepeatable());
    assertTrue(HelperCommand.sudo("/s", "/a").isRepeatable());
  }

  @Test
  void program_missing_isAnError() {
    HelperCommand command = HelperCommand.direct(directory.resolve("missing").toString());
    assertThrows(IOException.class, command::start);
  }

  @Test
  void starts_many_leaveNoDescriptor() throws Exception {
    startAndClose(); // whatever the first use opens for good
    long before = descriptors();
    for (int i = 0; i < 10; i++) {
      startAndClose();
      HelperCommand missing = HelperCommand.direct(directory.resolve("missing").toString());
      assertThrows(IOException.class, missing::start);
    }
    assertEquals(before, descriptors());
  }

  private static void startAndClose() throws IOException {
    Link link = HelperCommand.direct("/bin/true").start();
    assertNull(link.receive());
    assertEquals("its process exited with status 0", link.close());
  }

  /** What the script saw, except its input and descriptors, which are checked here. */
  private List<String> seenBy(HelperCommand command) throws Exception {
    Link link = command.start();
    Path seen = directory.resolve("seen");
    while (!Files.exists(seen)) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    link.shutdown();
    assertNull(link.receive());
    assertEquals("its process exited with status 7", link.close());
    List<String> lines = Files.readAllLines(seen);
    assertEquals(1, count(lines, "input socket:"), lines::toString);
    assertEquals(1, count(lines, "descriptor socket:"), lines::toString);
    return lines.stream().filter(l -> !l.startsWith("input ") && !l.startsWith("desc")).toList();
  }

  private static long count(List<String> lines, String start) {
    return lines.stream().filter(line -> line.startsWith(start)).count();
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
