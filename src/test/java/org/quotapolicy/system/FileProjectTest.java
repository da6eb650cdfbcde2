// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.platform.linux.ErrNo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotapolicy.system.FileProject.Reply;

/** On whatever filesystem the tests run; projects and hidden directories are tried in the lab. */
class FileProjectTest {

  @TempDir private Path directory;

  @Test
  void file_ofAnotherFilesystem_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertEquals(new Reply.Failed(ErrNo.EXDEV), FileProject.of(file.toString(), 4095, 1));
  }

  @Test
  void file_thatIsNotThere_failsWithEnoent() {
    String absent = directory.resolve("absent").toString();
    assertEquals(new Reply.Failed(ErrNo.ENOENT), FileProject.of(absent, 0, 0));
  }

  @Test
  void text_thatIsNoPath_failsWithoutACall() {
    Reply tooLong = new Reply.Failed(ErrNo.ENAMETOOLONG);
    assertEquals(tooLong, FileProject.of("/a\0b", 0, 0));
    assertEquals(tooLong, FileProject.of("/" + "x".repeat(5000), 0, 0));
  }
}
