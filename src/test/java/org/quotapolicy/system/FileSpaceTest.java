// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.platform.linux.ErrNo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotapolicy.system.FileSpace.Reply;

class FileSpaceTest {
  @TempDir private Path directory;

  /** du(1) as the judge of what is allocated. */
  @Test
  void file_hasItsSizeAndSpace() throws Exception {
    Path file = Files.write(directory.resolve("mbox"), new byte[5_000]);
    Process du = new ProcessBuilder("du", "-B1", file.toString()).start();
    String allocated = new String(du.getInputStream().readAllBytes(), US_ASCII).split("\t", -1)[0];
    assertEquals(new Reply.File(5_000, Long.parseLong(allocated)), FileSpace.of(file.toString()));
  }

  @Test
  void link_isNotFollowed() throws IOException {
    Path file = Files.write(directory.resolve("mbox"), new byte[5_000]);
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertEquals(file.toString().length(), ((Reply.File) FileSpace.of(link.toString())).size());
  }

  @Test
  void nothingThere_errno() {
    assertEquals(new Reply.Failed(ErrNo.ENOENT), FileSpace.of(directory + "/missing"));
    assertEquals(new Reply.Failed(ErrNo.ENOTDIR), FileSpace.of("/etc/passwd/x"));
    assertEquals(new Reply.Failed(ErrNo.ENAMETOOLONG), FileSpace.of("/x".repeat(4_000)));
    assertEquals(new Reply.Failed(ErrNo.ENAMETOOLONG), FileSpace.of("/x\0y"));
  }
}
