// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegularFileTest {
  @TempDir private Path directory;

  private static String refusal(Path path) {
    IOException e = assertThrows(IOException.class, () -> RegularFile.open(path));
    return String.valueOf(e.getMessage());
  }

  private static String text(Path path, int maxSize) throws IOException {
    try (RegularFile file = RegularFile.open(path)) {
      return file.text(maxSize);
    }
  }

  @Test
  void text_anyBytes_asTheyAre() throws IOException {
    Path file = Files.write(directory.resolve("a f\u00efle"), new byte[] {0, 10, -61, -81, -1});
    assertEquals("\0\n\u00c3\u00af\u00ff", text(file, 1024));
    assertEquals("", text(Files.createFile(directory.resolve("empty")), 0));
  }

  @Test
  void text_upToTheBound_notBeyond() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x".repeat(16_384));
    assertEquals(16_384, text(file, 16_384).length());
    IOException e = assertThrows(IOException.class, () -> text(file, 15_360));
    assertEquals("larger than 15 KiB", e.getMessage());
  }

  @Test
  void open_whatIsNoRegularFile_isRefused() throws Exception {
    assertEquals("not a regular file", refusal(directory));
    assertEquals("not a regular file", refusal(Path.of("/dev/zero")));
    assertThrows(NoSuchFileException.class, () -> RegularFile.open(directory.resolve("none")));
    assertEquals("ENOTDIR", refusal(Path.of("/etc/passwd/x")));
  }

  /** Whom open(2) would let wait for ever for one who writes. */
  @Test
  void open_pipeThatNobodyWrites_isRefusedAtOnce() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertEquals("not a regular file", refusal(pipe));
  }

  @Test
  void open_fileWithALease_isRefusedUntilItIsGivenUp() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");
    Lease lease = new Lease(file);
    assertEquals("somebody holds a lease on it", refusal(file));
    lease.close();
    assertEquals("text", text(file, 1024));
  }

  @Test
  void openFile_replaced_staysWhatItWas() throws IOException {
    Path path = Files.writeString(directory.resolve("file"), "old");
    Object key = Files.getAttribute(path, "unix:ino");
    try (RegularFile file = RegularFile.open(path)) {
      Files.move(Files.writeString(directory.resolve("new"), "new"), directory.resolve("other"));
      Files.move(path, directory.resolve("gone"));
      Files.move(directory.resolve("other"), path);
      assertEquals(key, Files.getAttribute(file.path(), "unix:ino"));
      assertEquals("old", file.text(1024));
    }
    assertEquals("new", text(path, 1024));
  }

  @Test
  void refusedFiles_leaveNoDescriptor() throws IOException {
    long before = descriptors();
    for (int i = 0; i < 100; i++) {
      refusal(directory);
    }
    assertTrue(descriptors() < before + 50);
  }

  private static long descriptors() throws IOException {
    try (var list = Files.list(Path.of("/proc/self/fd"))) {
      return list.count();
    }
  }
}
