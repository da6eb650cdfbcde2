// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quotapolicy.config.ConfigFile;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Settings;
import org.quotapolicy.system.Reach;

class DaemonReachTest {
  private static final String USUAL = "homedir = /var/spool/q\ncontrol-socket = /run/q/control\n";

  private Path directory;

  @BeforeEach
  void takeRealPath(@TempDir Path temporary) throws IOException {
    directory = temporary.toRealPath();
  }

  private static DaemonConfig config(String text) throws InvalidConfigException {
    return DaemonOptions.toConfig(new Settings(ConfigFile.parse("q.conf", text), List.of()));
  }

  private static Set<Path> paths(String... names) {
    return Stream.of(names).map(Path::of).collect(Collectors.toSet());
  }

  private static Reach reach(Path... files) throws InvalidConfigException {
    return DaemonReach.of(config(USUAL), List.of(files), false);
  }

  /** What is read because of these files alone. */
  private static Set<Path> added(Path... files) throws InvalidConfigException {
    Set<Path> added = new HashSet<>(reach(files).reads());
    added.removeAll(reach().reads());
    return added;
  }

  @Test
  void withoutFiles_isTheSystemAndTheProgram() throws InvalidConfigException {
    Set<Path> reads = reach().reads();
    Set<Path> program = Set.of(Path.of(System.getProperty("java.home")));
    assertTrue(reads.containsAll(program), reads::toString);
    for (Path path : reads) {
      assertTrue(
          program.contains(path)
              || path.toString().matches("/(etc|proc|dev|lib|lib64|sys|usr)(/.*)?"),
          path::toString);
    }
    for (Path tooMuch : paths("/", "/dev", "/sys", "/usr", "/var", "/home", "/root", "/srv")) {
      assertFalse(reads.contains(tooMuch), tooMuch::toString);
    }
  }

  @Test
  void file_isReadByItsDirectory() throws Exception {
    Path file = Files.createFile(directory.resolve("aliases"));
    assertEquals(Set.of(directory), added(file));
  }

  @Test
  void link_isReadWhereItIsAndWhereItLeads() throws Exception {
    Path there = Files.createDirectory(directory.resolve("there"));
    Path here = Files.createDirectory(directory.resolve("here"));
    Path file = Files.createFile(there.resolve("aliases"));
    Path link = Files.createSymbolicLink(here.resolve("link"), file);
    assertEquals(Set.of(here, there), added(link));
  }

  @Test
  void fileThatIsNotThere_mayCome() throws Exception {
    assertEquals(Set.of(directory), added(directory.resolve("later")));
  }

  @Test
  void fileInTheRoot_isReadAlone() throws Exception {
    assertEquals(paths("/aliases"), added(Path.of("/aliases")));
  }

  @Test
  void whatIsMade_isRemovedInItsDirectory() throws InvalidConfigException {
    assertEquals(paths("/var/spool/q", "/run/q"), reach().removes());
    String apart = USUAL + "socketfile = /run/s/socket\npidfile = /run/p/pid\n";
    assertEquals(
        paths("/run/s", "/run/p", "/run/q"),
        DaemonReach.of(config(apart), List.of(), false).removes());
  }

  @Test
  void managerThatIsStillToMeet_isMet() throws InvalidConfigException {
    assertFalse(reach().meets());
    assertTrue(DaemonReach.of(config(USUAL), List.of(), true).meets());
  }
}
