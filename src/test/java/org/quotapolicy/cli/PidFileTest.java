// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PidFileTest {
  @TempDir private Path directory;

  private static final String OWN = ProcessHandle.current().pid() + "\n";

  @Test
  void freeFile_isTakenAndRemoved() throws IOException {
    Path path = directory.resolve("pid");
    PidFile file = PidFile.take(path);
    assertEquals(OWN, Files.readString(path));
    file.close();
    assertFalse(Files.exists(path));
  }

  @Test
  void fileOfDeadProcess_isReplaced() throws IOException {
    Path path = Files.writeString(directory.resolve("pid"), "123456789\n");
    PidFile file = PidFile.take(path);
    assertEquals(OWN, Files.readString(path));
    file.close();
  }

  @Test
  void fileOfLivingProcess_isAnErrorThatNamesIt() throws Exception {
    Path path = directory.resolve("pid");
    Process other = lockingProcess(path);
    try {
      IOException e = assertThrows(IOException.class, () -> PidFile.take(path));
      assertTrue(String.valueOf(e.getMessage()).contains("process " + other.pid()), e.getMessage());
      assertEquals(other.pid() + "\n", Files.readString(path));
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void conditionThatFails_leavesTheFileOfAnother() throws IOException {
    Path path = Files.writeString(directory.resolve("pid"), "123456789\n");
    assertThrows(IOException.class, () -> PidFile.take(path, PidFileTest::refuse));
    assertEquals("123456789\n", Files.readString(path));
  }

  @Test
  void conditionThatFails_leavesNoFile() {
    Path path = directory.resolve("pid");
    assertThrows(IOException.class, () -> PidFile.take(path, PidFileTest::refuse));
    assertFalse(Files.exists(path));
  }

  private static void refuse() throws IOException {
    throw new IOException("another process is listening");
  }

  @Test
  void closedTwice_leavesTheNextFileAlone() throws IOException {
    Path path = directory.resolve("pid");
    PidFile file = PidFile.take(path);
    file.close();
    Files.writeString(path, "another's");
    file.close();
    assertTrue(Files.exists(path));
  }

  @Test
  void symbolicLink_isNotFollowed() throws IOException {
    Path target = Files.writeString(directory.resolve("target"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("pid"), target);
    assertThrows(IOException.class, () -> PidFile.take(link));
    assertEquals("precious", Files.readString(target));
  }

  @Test
  void absentDirectory_isAnErrorThatSaysWhere() {
    Path path = directory.resolve("absent/pid");
    IOException e = assertThrows(IOException.class, () -> PidFile.take(path));
    assertTrue(String.valueOf(e.getMessage()).contains(path.toString()), e.getMessage());
  }

  /** Another process that has the file. */
  static final class HoldingProcess {
    public static void main(String[] args) throws IOException, InterruptedException {
      PidFile.take(Path.of(args[0]));
      System.out.println("locked");
      Thread.sleep(60_000);
    }
  }

  /** A lock of POSIX belongs to a process, so the other one must be real. */
  private static Process lockingProcess(Path path) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    Process process =
        new ProcessBuilder(java, "-cp", classPath, HoldingProcess.class.getName(), path.toString())
            .start();
    assertEquals('l', process.getInputStream().read());
    return process;
  }
}
