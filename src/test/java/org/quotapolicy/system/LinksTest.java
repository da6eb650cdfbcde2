// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.platform.linux.ErrNo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotapolicy.system.Links.Reply;

class LinksTest {

  @Test
  void read_link_itsTarget(@TempDir Path directory) throws Exception {
    Path link = directory.resolve("link");
    for (String target : new String[] {"../elsewhere", "/", "t".repeat(4095)}) {
      Files.createSymbolicLink(link, Path.of(target));
      assertEquals(new Reply.Target(target), Links.read(link.toString()));
      Files.delete(link);
    }
  }

  @Test
  void read_anyBytesInNameAndTarget_asTheyAre(@TempDir Path directory) throws Exception {
    String link = directory + "/l\u00ef\u00ff";
    String script = "ln -s \"$(printf 'g\\374\\001\\377')\" \"$(printf '%s/l\\357\\377' \"$0\")\"";
    assertEquals(0, new ProcessBuilder("sh", "-c", script, directory.toString()).start().waitFor());
    assertEquals(new Reply.Target("g\u00fc\u0001\u00ff"), Links.read(link));
  }

  @Test
  void read_directoryAndFile_notALink(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertEquals(new Reply.NotALink(), Links.read(directory.toString()));
    assertEquals(new Reply.NotALink(), Links.read(file.toString()));
  }

  @Test
  void read_nothingThere_errno(@TempDir Path directory) {
    assertEquals(new Reply.Failed(ErrNo.ENOENT), Links.read(directory + "/missing"));
    assertEquals(new Reply.Failed(ErrNo.ENOENT), Links.read(""));
    assertEquals(new Reply.Failed(ErrNo.ENOTDIR), Links.read("/etc/passwd/x"));
    assertEquals(new Reply.Failed(ErrNo.ENAMETOOLONG), Links.read("/" + "x".repeat(256)));
    assertEquals(new Reply.Failed(ErrNo.ENAMETOOLONG), Links.read("/x".repeat(2048)));
    assertEquals(new Reply.Failed(ErrNo.ENAMETOOLONG), Links.read("/x\0"));
  }
}
