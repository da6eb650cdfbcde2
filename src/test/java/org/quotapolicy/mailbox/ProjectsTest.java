// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.Projects.Result;
import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.system.FileProject.Reply;

class ProjectsTest {
  private static final int EACCES = 13;
  private static final int ENOENT = 2;

  @TempDir private Path directory;

  /**
   * Each row: filesystem, what the kernel says here, what the helper said, whether the list has it,
   * what comes of it.
   */
  @ParameterizedTest
  @CsvSource({
    "ext4, known,  0,  no,  'Numbered[id=7]'",
    "ext4, known,  0,  yes, 'Numbered[id=7]'", // the kernel wins
    "xfs,  known,  0,  yes, 'Numbered[id=7]'",
    "xfs,  hidden, 0,  yes, 'OfInode[inode=96]'",
    "xfs,  hidden, 13, yes, 'Numbered[id=3]'", // the helper could not, either
    "xfs,  hidden, 13, no,  EACCES",
    "xfs,  failed, 0,  yes, 'Numbered[id=3]'",
    "ext4, hidden, 0,  yes, 'Numbered[id=3]'",
    "ext4, hidden, 0,  no,  EACCES",
    "ext4, failed, 0,  no,  EACCES",
  })
  void project_byItsSources_isFoundInTheirOrder(
      String type, String kernel, int helper, String listed, String expected) throws IOException {
    Reply reply =
        switch (kernel) {
          case "known" -> new Reply.Known(7);
          case "hidden" -> new Reply.Hidden(96, EACCES);
          default -> new Reply.Failed(EACCES);
        };
    Projects projects = new Projects((mount, path) -> reply, file(listed.equals("yes")));
    Result result = projects.of(place(type, "/home/alice"), Quota.unasked(helper));
    if (result instanceof Result.Unknown unknown) {
      assertEquals(
          "project quota is enforced on /home, and which project /home/alice belongs to could not"
              + " be told: %s, and /etc/projects does not list it".formatted(expected),
          unknown.reason());
    } else {
      assertEquals(expected, ((Result.Named) result).project().toString());
    }
  }

  /** It will have what the directory above it hands on. */
  @Test
  void project_ofWhatIsNotThereYet_isThatOfTheDirectoryAbove() throws IOException {
    List<String> asked = new ArrayList<>();
    Projects projects =
        new Projects(
            (mount, path) -> {
              asked.add(path);
              return path.equals("/home/a") ? new Reply.Known(5) : new Reply.Failed(ENOENT);
            },
            file(false));
    assertEquals(
        new Result.Named(new Project.Numbered(5)),
        projects.of(place("ext4", "/home/a/b/c"), Quota.unasked(0)));
    assertEquals(List.of("/home/a/b/c", "/home/a/b", "/home/a"), asked);
  }

  /** Not beyond its mount point: what is above is another filesystem. */
  @Test
  void project_whereNothingIs_isNotSoughtAboveTheMountPoint() throws IOException {
    List<String> asked = new ArrayList<>();
    Projects projects =
        new Projects(
            (mount, path) -> {
              asked.add(path);
              return new Reply.Failed(ENOENT);
            },
            file(true));
    assertEquals(
        new Result.Named(new Project.Numbered(3)),
        projects.of(place("ext4", "/home/alice/x"), Quota.unasked(0)));
    assertEquals(List.of("/home/alice/x", "/home/alice", "/home"), asked);
  }

  /** Not even to ask for its project: a server would have to answer first. */
  @Test
  void project_beyondServer_isLookedUpInTheListAlone() throws IOException {
    List<String> asked = new ArrayList<>();
    Place.Local beyond = new Place.Local(place("xfs", "/home").mount(), "/home", false);
    Projects projects =
        new Projects(
            (mount, path) -> {
              asked.add(path);
              return new Reply.Known(7);
            },
            file(false));
    Result result = projects.of(beyond, Quota.unasked(0));
    assertTrue(((Result.Unknown) result).reason().contains("EREMOTE"), result::toString);
    assertEquals(List.of(), asked);
  }

  private static Place.Local place(String type, String path) {
    return new Place.Local(new Mount(30, 20, 8, 2, "/", "/home", type, "/dev/x", "rw"), path);
  }

  private ProjectFile file(boolean listed) throws IOException {
    Path file = directory.resolve("projects");
    return new ProjectFile(Files.writeString(file, listed ? "3:/home/alice\n" : ""));
  }
}
