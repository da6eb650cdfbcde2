// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.kernel.Mount;

class ProjectFileTest {
  private static final Mount HOME =
      new Mount(30, 20, 8, 2, "/", "/home", "ext4", "/dev/sda2", "rw");

  @TempDir private Path directory;

  /** Each row: path of a mailbox, its project by the list. */
  @ParameterizedTest
  @CsvSource({
    "/home/alice,          1",
    "/home/alice/Maildir,  1",
    "/home/alice/big,      2",
    "/home/alice/big/mail, 2",
    "/home/alice/bigger,   1",
    "/home/bob,            4294967295",
    "/home/carol,          ", // of another filesystem's root only
    "/home/large,          ", // an id that is none
    "/home/word,           ",
    "/home,                ",
    "/home/with:colon/x,   6",
  })
  void projectOf_path_isThatOfTheLongestDirectoryAboveIt(String path, @Nullable Long id)
      throws IOException {
    ProjectFile file =
        file(
            """
            # our projects
            9:/
            1:/home/alice
            2:/home/alice/big/
             4294967295 : /home/bob
            4294967296:/home/large
            one:/home/word
            3:home/carol
            4
            :/home/carol
            6:/home/with:colon
            """);
    OptionalLong expected = id == null ? OptionalLong.empty() : OptionalLong.of(id);
    assertEquals(expected, file.projectOf(HOME, path));
  }

  @Test
  void projectOf_fileThatIsNoFile_isNotTold() throws IOException {
    assertEquals(OptionalLong.empty(), new ProjectFile(directory).projectOf(HOME, "/home/x"));
    Path absent = directory.resolve("absent");
    assertEquals(OptionalLong.empty(), new ProjectFile(absent).projectOf(HOME, "/home/x"));
  }

  @Test
  void projectOf_hugeFile_isReadUpToItsBound() throws IOException {
    String filler = "#".repeat(ProjectFile.MOST_BYTES) + "\n";
    ProjectFile file = file("1:/home/a\n" + filler + "2:/home/b\n");
    assertEquals(OptionalLong.of(1), file.projectOf(HOME, "/home/a"));
    assertEquals(OptionalLong.empty(), file.projectOf(HOME, "/home/b"));
  }

  private ProjectFile file(String text) throws IOException {
    return new ProjectFile(Files.writeString(directory.resolve("projects"), text));
  }
}
