// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.quotapolicy.kernel.Accounts;
import org.quotapolicy.kernel.Accounts.Reply.NoSuchUser;

/** Whether what is installed is whole and belongs to whom it must. */
final class InstallationChecks {

  /** What Files.mismatch says of files that are the same. */
  private static final long IDENTICAL = -1;

  private final Host host;
  private final List<Advice> advice = new ArrayList<>();

  private InstallationChecks(Host host) {
    this.host = host;
  }

  /** All that there is to say. */
  static List<Advice> of(Host host) throws IOException {
    InstallationChecks checks = new InstallationChecks(host);
    checks.advice.add(Advice.ok("java", System.getProperty("java.version", "")));
    checks.checkNativeLibraries();
    checks.checkClassData();
    checks.checkUser(host.config().user(), true);
    checks.checkUser("quotapolicy-helper", false);
    checks.checkTree();
    checks.checkConfigFile();
    checks.checkHomedir();
    return checks.advice;
  }

  /** Those of this kind of machine, as the launcher names them; that of JNA works by now. */
  private void checkNativeLibraries() {
    Path directory = Path.of(System.getProperty("jna.boot.library.path", ""));
    for (String library : List.of("libjnidispatch.so", "libjunixsocket-native.so")) {
      if (!Files.isReadable(directory.resolve(library))) {
        advice.add(
            Advice.error(
                "native", directory.resolve(library) + " is missing", "install quotapolicy again"));
        return;
      }
    }
    advice.add(Advice.ok("native", directory.toString()));
  }

  private void checkClassData() throws IOException {
    Path java = Path.of(System.getProperty("java.home", "")).resolve("release");
    Path made = tree().resolve("lib/class-data/release");
    if (!Files.exists(made)) {
      advice.add(Advice.ok("class-data", "there is none: each start takes longer"));
    } else if (Files.mismatch(made, java) == IDENTICAL) {
      advice.add(Advice.ok("class-data", "is of this Java"));
    } else {
      advice.add(
          Advice.warning(
              "class-data",
              "is of another Java: each start takes longer",
              Launcher.path() + " class-data"));
    }
  }

  /** What is installed. */
  private static Path tree() throws IOException {
    return Launcher.tree().orElseThrow(Launcher::missing);
  }

  private void checkUser(String user, boolean needed) {
    if (!(Accounts.byName(user) instanceof NoSuchUser)) {
      advice.add(Advice.ok("users", user));
      return;
    }
    String remedy = "useradd --system --no-create-home --shell /usr/sbin/nologin " + user;
    advice.add(
        needed
            ? Advice.error("users", "there is no user " + user, remedy)
            : Advice.warning(
                "users", "there is no user " + user + ", so the helper runs as uid 65533", remedy));
  }

  private void checkTree() throws IOException {
    Path tree = tree();
    try (Stream<Path> files = Files.walk(tree)) {
      List<Path> bad = files.filter(InstallationChecks::isNotOnlyRoots).limit(1).toList();
      advice.add(
          bad.isEmpty()
              ? Advice.ok("tree", tree + " belongs to root")
              : Advice.error(
                  "tree",
                  "others than root can write to " + bad.get(0),
                  "chown -R root: " + tree + "; chmod -R go-w " + tree));
    }
  }

  private void checkConfigFile() {
    Path file = host.configFile();
    if (!Files.exists(file)) {
      advice.add(Advice.ok("config-file", file + " is absent"));
    } else if (isNotOnlyRoots(file)) {
      advice.add(
          Advice.error(
              "config-owner",
              "others than root can write to " + file + ", which says who the daemon becomes",
              "chown root: " + file + "; chmod 644 " + file));
    } else if (!Files.isReadable(file)) {
      advice.add(
          Advice.error(
              "config-owner", host.config().user() + " cannot read " + file, "chmod 644 " + file));
    } else {
      advice.add(Advice.ok("config-file", file + " is valid"));
    }
  }

  private void checkHomedir() throws IOException {
    Path home = Objects.requireNonNull(host.config().socket().getParent());
    if (!Files.isDirectory(home)
        || !(Accounts.byName(host.config().user()) instanceof Accounts.Reply.Found user)) {
      return; // told by others
    }
    long owner = Integer.toUnsignedLong((Integer) Files.getAttribute(home, "unix:uid"));
    advice.add(
        owner == user.uid()
            ? Advice.ok("homedir", home + " belongs to " + host.config().user())
            : Advice.error(
                "homedir",
                home + " does not belong to " + host.config().user(),
                "install -d -o " + host.config().user() + " -g postfix -m 750 " + home));
  }

  /** Links do not count. */
  private static boolean isNotOnlyRoots(Path path) {
    try {
      return !Files.isSymbolicLink(path) && !Ownership.isRootsAlone(path);
    } catch (IOException e) {
      return false;
    }
  }
}
