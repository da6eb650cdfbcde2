// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotapolicy.policy.AliasTarget;
import org.quotapolicy.policy.AliasTarget.Mail;
import org.quotapolicy.policy.Aliases;
import org.quotapolicy.system.Lease;

class AliasFilesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private Path first;
  private Path second;
  private Path virtual;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Log log =
      new Log(new PrintStream(out, true, StandardCharsets.UTF_8), System::nanoTime);

  @BeforeEach
  void nameFiles() {
    first = directory.resolve("aliases");
    second = directory.resolve("more");
    virtual = directory.resolve("virtual");
  }

  private AliasFiles files() {
    return new AliasFiles(List.of(first, second), List.of(virtual), log);
  }

  private String logged() {
    log.flush();
    String logged = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return logged.replace(directory.toString(), "DIR");
  }

  private void writeAll() throws IOException {
    Files.writeString(first, "one: alice\nboth: alice\n");
    Files.writeString(second, "two: bob\nboth: bob\n");
    Files.writeString(virtual, "x@y alice\n");
  }

  private static List<AliasTarget> mail(String address) {
    return List.of(new Mail(address));
  }

  @Test
  void all_areTheseAndThoseThatTheyInclude() throws IOException {
    Path list = directory.resolve("list");
    Path missing = directory.resolve("missing");
    writeAll();
    Files.writeString(first, "one: :include:" + list + "\n");
    Files.writeString(list, ":include:" + missing + "\n");
    AliasFiles files = files();
    assertEquals(Set.of(first, second, virtual), files.all());
    files.refresh();
    assertEquals(Set.of(first, second, virtual, list, missing), files.all());
  }

  @Test
  void files_areMergedAndTheFirstCounts() throws IOException {
    writeAll();
    AliasFiles files = files();
    assertEquals(Optional.empty(), files.current());
    files.refresh();
    assertEquals(
        Optional.of(
            new Aliases(
                Map.of("one", mail("alice"), "two", mail("bob"), "both", mail("alice")),
                Map.of("x@y", mail("alice")),
                Map.of())),
        files.current());
  }

  @Test
  void noFiles_areNoAliases() {
    AliasFiles files = AliasFiles.watch(List.of(), List.of(), log, PATIENCE);
    assertEquals(Optional.of(Aliases.NONE), files.current());
  }

  @Test
  void absentFile_leavesAllUnknownUntilItIsThere() throws IOException {
    writeAll();
    Files.delete(second);
    AliasFiles files = files();
    files.refresh();
    files.refresh();
    assertEquals(Optional.empty(), files.current());
    String logged = logged();
    assertTrue(logged.contains("error: DIR/more cannot be read: there is no such file; no mail"));
    assertEquals(1, logged.lines().filter(line -> line.contains("DIR/more")).count(), logged);
    writeAll();
    files.refresh();
    assertTrue(files.current().isPresent());
  }

  @Test
  void fileThatGoesOrBreaks_leavesLastStateInForce() throws IOException {
    writeAll();
    AliasFiles files = files();
    files.refresh();
    Optional<Aliases> before = files.current();
    logged();
    Files.delete(first);
    files.refresh();
    files.refresh();
    assertEquals(
        "quotapolicy: error: DIR/aliases cannot be read: there is no such file;"
            + " what it said last stays in force\n",
        logged());
    Files.createDirectory(first);
    files.refresh();
    assertTrue(logged().contains("DIR/aliases cannot be read: not a regular file;"));
    assertEquals(before, files.current());
    Files.delete(first);
    Files.writeString(first, "new: carol\n");
    files.refresh();
    assertEquals(mail("carol"), files.current().orElseThrow().local().get("new"));
    assertEquals("quotapolicy: DIR/aliases: read, 1 aliases\n", logged());
  }

  @Test
  void fileThatIsTooLarge_isNotRead() throws IOException {
    writeAll();
    Files.writeString(first, "#".repeat(AliasFiles.MAX_FILE + 1));
    AliasFiles files = files();
    files.refresh();
    assertTrue(logged().contains("DIR/aliases cannot be read: larger than 2048 KiB;"));
    Files.writeString(first, "#".repeat(AliasFiles.MAX_FILE));
    files.refresh();
    assertTrue(files.current().isPresent());
  }

  @Test
  void writtenAndReplacedFiles_areReadAgain() throws IOException {
    writeAll();
    AliasFiles files = files();
    files.refresh();
    Files.writeString(second, "two: carol\nboth: bob\n");
    files.refresh();
    assertEquals(mail("carol"), files.current().orElseThrow().local().get("two"));
    Path next = directory.resolve("next");
    Files.writeString(next, "two: davis\nboth: bob\n");
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(second));
    Files.move(next, second, StandardCopyOption.REPLACE_EXISTING);
    files.refresh();
    assertEquals(mail("davis"), files.current().orElseThrow().local().get("two"));
  }

  @Test
  void includedFiles_areReadAndWatched() throws IOException {
    writeAll();
    Path list = directory.resolve("list");
    Path deep = directory.resolve("deep");
    Path absent = directory.resolve("absent");
    Files.writeString(first, "l: :include:" + list + ", :include:" + absent + "\n");
    Files.writeString(list, "alice\n:include:" + deep + "\n:include:" + list + "\n");
    Files.writeString(deep, "bob\n");
    AliasFiles files = files();
    files.refresh();
    Map<String, List<AliasTarget>> included = files.current().orElseThrow().included();
    assertEquals(mail("bob"), included.get(deep.toString()));
    assertEquals(3, Objects.requireNonNull(included.get(list.toString())).size());
    assertEquals(null, included.get(absent.toString()));
    assertTrue(logged().contains("included file DIR/absent cannot be read: there is no such"));
    Files.writeString(deep, "carol, dave\n");
    Files.writeString(absent, "eve");
    files.refresh();
    included = files.current().orElseThrow().included();
    assertEquals(2, Objects.requireNonNull(included.get(deep.toString())).size());
    assertEquals(mail("eve"), included.get(absent.toString()));
    Files.delete(deep);
    files.refresh();
    assertEquals(
        2,
        Objects.requireNonNull(files.current().orElseThrow().included().get(deep.toString()))
            .size(),
        "last state");
  }

  /** Of one target each, and as large as may be. */
  @Test
  void includedFiles_tooMuchInAll_areNotKeptUntilTheyChange() throws IOException {
    int fit = AliasFiles.MAX_KEPT / AliasFiles.MAX_INCLUDED - 1;
    StringBuilder line = new StringBuilder("l: bob");
    for (int i = 0; i <= fit; i++) {
      Path list = directory.resolve("list" + i);
      Files.writeString(list, "a".repeat(AliasFiles.MAX_INCLUDED - 1) + "\n");
      line.append(", :include:").append(list);
    }
    writeAll();
    Files.writeString(first, line + "\n");
    AliasFiles files = files();
    files.refresh();
    assertEquals(fit, files.current().orElseThrow().included().size());
    String last = directory + "/list" + fit;
    assertTrue(logged().contains("included file DIR/list" + fit + " not kept: all list too much"));
    Files.writeString(Path.of(last), "alice\n");
    files.refresh();
    assertEquals(mail("alice"), files.current().orElseThrow().included().get(last));
  }

  @Test
  void includedDevice_isNotRead() throws IOException {
    writeAll();
    Files.writeString(first, "l: :include:/dev/zero\n");
    AliasFiles files = files();
    files.refresh();
    assertEquals(Map.of(), files.current().orElseThrow().included());
    assertTrue(logged().contains("/dev/zero cannot be read: not a regular file"));
  }

  /** Who owns it can hold a lease, for which open(2) would wait most of a minute. */
  @Test
  void includedFile_withALease_isReadWhenItIsGivenUp() throws IOException {
    writeAll();
    Path list = Files.writeString(directory.resolve("list"), "alice\n");
    Files.writeString(first, "l: :include:" + list + "\n");
    AliasFiles files = files();
    Lease lease = new Lease(list);
    files.refresh();
    assertEquals(Map.of(), files.current().orElseThrow().included());
    assertTrue(logged().contains("file DIR/list cannot be read: somebody holds a lease on it"));
    lease.close();
    files.refresh();
    assertEquals(mail("alice"), files.current().orElseThrow().included().get(list.toString()));
  }

  @Test
  void wrongEntries_areNamedUpToABound() throws IOException {
    writeAll();
    Files.writeString(first, "wrong\n".repeat(8));
    files().refresh();
    String logged = logged();
    assertTrue(logged.contains("warning: DIR/aliases: line 5: no colon behind the name\n"));
    assertTrue(logged.contains("DIR/aliases: read, 0 aliases, and 3 more problems\n"), logged);
  }

  @Test
  void watchedFiles_changeWithoutBeingAsked() throws Exception {
    writeAll();
    try (AliasFiles files = AliasFiles.watch(List.of(first), List.of(), log, PATIENCE)) {
      assertEquals(mail("alice"), files.current().orElseThrow().local().get("one"));
      Files.writeString(first, "one: changed\n");
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!mail("changed").equals(files.current().orElseThrow().local().get("one"))) {
        assertTrue(System.nanoTime() < end, "not changed in time");
        Thread.sleep(20);
      }
    }
  }
}
