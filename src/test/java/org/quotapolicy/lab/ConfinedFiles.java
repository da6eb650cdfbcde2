// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.lab.Policy.Verdict;

/**
 * What Landlock leaves a daemon that root started: from inside, in a thread that was there before,
 * and from outside, that it still does all that it is for.
 *
 * <p>Of the three daemons one has neither Landlock nor a filter, which shows that an attempt is
 * possible, and one Landlock alone, which shows that it is Landlock that refuses it.
 *
 * <p>Needs a kernel that the package of the lab does not have: src/test/lab/kernel builds one.
 */
@Tag(LabMain.OWN_GUEST)
class ConfinedFiles {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String CONFIG = "/srv/conf/quotapolicy.conf";

  private static final String CONFIGURATION =
      """
      aliases = /srv/mail/aliases
      domain = /srv/domains/own
      """;

  private static final Path CONTROL = Daemon.HOME.resolve("control.socket");
  private static final String OUT_OF_REACH =
      " cannot be read: the daemon reads only where it read when it started: restart it";

  /** Whom others may connect to, by name and by abstract name. */
  private static final String LISTENER =
      """
      import socket, time
      for name in ("/srv/outside/socket", "\\0outside"):
          listener = socket.socket(socket.AF_UNIX)
          listener.bind(name)
          listener.listen()
          globals()["keep" + str(len(name))] = listener
      open("/run/lab/listens", "w").close()
      time.sleep(600)
      """;

  private static final String MANAGER =
      """
      import socket
      manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      manager.bind("/run/lab/notify")
      while True:
          with open("/run/lab/notified", "a") as file:
              file.write(manager.recv(4096).decode() + "\\n")
      """;

  private static Intruder intruder;
  private static Map<String, String> unbound;
  private static Map<String, String> bound;

  @BeforeAll
  static void attempt() {
    Guest.must("mkdir -p /run/lab /var/mail; chmod 755 /root");
    intruder = new Intruder();
    unbound = attemptsWithout("both");
    bound = attemptsWithout("seccomp");
  }

  @AfterAll
  static void close() {
    intruder.close();
    Guest.must("chmod 700 /root; rm -rf /srv/outside /srv/mail /srv/lists /srv/domains /srv/conf");
  }

  /** The files that are tried, whoever listens, and a process of the daemon's own user. */
  private static Map<String, String> attemptsWithout(String calls) {
    Guest.must(
        "rm -rf /srv/outside /run/lab/listens; mkdir -p /srv/outside/directory; cd /srv/outside"
            + " && for f in file old victim program /var/mail/outside /root/outside;"
            + " do echo text >$f; chmod 666 $f; done; chmod 777 . program");
    long outsider = background(Guest.asUser(Daemon.USER, "sleep", "600"));
    long listener = background(List.of("python3", "-c", LISTENER));
    Guest.await("nobody listens", SOON, () -> Files.exists(Path.of("/run/lab/listens")));
    Guest.must("chmod 777 /srv/outside/socket");
    List<String> before =
        List.of("env", "OUTSIDER=" + outsider, Intruder.PROGRAM, "without", calls);
    try (Daemon daemon = Daemon.directBy(before)) {
      Map<String, String> outcomes = new HashMap<>(Intruder.attemptsIn(daemon.pid(), "outside"));
      outcomes.putAll(Intruder.attemptsIn(daemon.pid(), "within"));
      return outcomes;
    } finally {
      Guest.must("kill " + outsider + " " + listener + "; rm -f " + Daemon.HOME + "/new");
    }
  }

  private static long background(List<String> command) {
    try {
      return new ProcessBuilder(command).start().pid();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What comes of it without Landlock, and with it. */
  @ParameterizedTest
  @CsvSource({
    "outside read,                     done,   EACCES",
    "outside read a mailbox,           done,   EACCES",
    "outside read root's,              done,   EACCES",
    "outside write,                    done,   EACCES",
    "outside truncate,                 done,   EACCES",
    "outside make,                     done,   EACCES",
    "outside make a directory,         done,   EACCES",
    "outside make a pipe,              done,   EACCES",
    "outside make a link,              done,   EACCES",
    "outside rename,                   done,   EACCES",
    "outside remove,                   done,   EACCES",
    "outside remove a directory,       done,   EACCES",
    "outside execute,                  ENOEXEC, EACCES",
    "outside write at home,            done,   EACCES",
    "outside make at home,             done,   EACCES",
    "outside a device's ioctl,         done,   EACCES",
    "outside connect,                  done,   EACCES",
    "outside connect by abstract name, done,   EPERM",
    "outside bind TCP,                 done,   EACCES",
    "outside bind UDP,                 done,   EACCES",
    "outside signal,                   done,   EPERM",
  })
  void attempt_possibleBefore_isRefused(String attempt, String before, String after) {
    assertEquals(before, Intruder.outcome(unbound, attempt), "without Landlock");
    assertEquals(after, Intruder.outcome(bound, attempt), "with Landlock");
  }

  /** Or else everything would be refused, and the cases above would say nothing. */
  @ParameterizedTest
  @CsvSource({
    "within list,           done",
    "within stat,           done",
    "within read,           done",
    "within send by UDP,    done",
    "within connect by TCP, ECONNREFUSED",
  })
  void whatItNeeds_isNotRefused(String attempt, String outcome) {
    assertEquals(outcome, Intruder.outcome(unbound, attempt), "without Landlock");
    assertEquals(outcome, Intruder.outcome(bound, attempt), "with Landlock");
  }

  @BeforeEach
  void configure() {
    Guest.must("mkdir -p /srv/conf /srv/mail /srv/lists /srv/domains /srv/elsewhere");
    write("/srv/conf/quotapolicy.conf", CONFIGURATION);
    write("/srv/mail/aliases", "first: overhard\nteam: :include:/srv/lists/team\n");
    write("/srv/lists/team", "overhard\n");
    write("/srv/domains/own", "lab.example\n");
  }

  /** As editors and postalias(1) do: a new file in the place of the old. */
  private static void write(String file, String text) {
    try {
      Files.writeString(Path.of(file + ".new"), text);
      Files.move(Path.of(file + ".new"), Path.of(file), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Daemon start(String... program) {
    return Daemon.directBy(
        List.of(program), "--config", CONFIG, "--on-error", Daemon.COULD_NOT_TELL);
  }

  private static Verdict verdict(String recipient) {
    return Policy.askOnce(recipient, 0).verdict();
  }

  private static void awaitLog(Daemon daemon, String text) {
    Guest.await(text + " in\n" + daemon.log(), SOON, () -> daemon.log().contains(text));
  }

  @Test
  void start_bound_saysNothingOfIt() {
    try (Daemon daemon = start()) {
      assertEquals(Verdict.REFUSE, verdict("overhard"));
      assertEquals(Verdict.ACCEPT, verdict("room"));
      assertFalse(daemon.log().contains("warning"), daemon::log);
      assertFalse(daemon.log().contains("Landlock"), daemon::log);
    }
  }

  @Test
  void files_replaced_areReadAgain() {
    try (Daemon daemon = start()) {
      assertEquals(Verdict.REFUSE, verdict("first"));
      assertEquals(Verdict.REFUSE, verdict("team"));
      write("/srv/lists/team", "room\n");
      write("/srv/mail/aliases", "second: overhard\nteam: :include:/srv/lists/team\n");
      Guest.await("alias", SOON, () -> verdict("second") == Verdict.REFUSE);
      Guest.await("list", SOON, () -> verdict("team") == Verdict.ACCEPT);
      write("/srv/domains/own", "other.example\n");
      write("/srv/conf/quotapolicy.conf", CONFIGURATION + "over-quota = 552 5.2.2 Full\n");
      daemon.reload();
      assertEquals(Verdict.ACCEPT, verdict("overhard"));
      write("/srv/domains/own", "lab.example\n");
      daemon.reload();
      assertEquals("552 5.2.2 Full", Policy.askOnce("overhard", 0).action());
    }
  }

  @Test
  void include_elsewhere_isSaidAndNobodyIsRefusedForIt() {
    write("/srv/elsewhere/list", "overhard\n");
    try (Daemon daemon = start()) {
      write(
          "/srv/mail/aliases",
          "team: :include:/srv/lists/team\nlate: :include:/srv/elsewhere/list\n");
      awaitLog(daemon, "included file /srv/elsewhere/list" + OUT_OF_REACH);
      assertEquals(Verdict.ACCEPT, verdict("late"));
      assertEquals(Verdict.REFUSE, verdict("team"));
    }
    try (Daemon again = start()) {
      assertEquals(Verdict.REFUSE, verdict("late"), again::log);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "aliases = /srv/elsewhere/file, '/srv/elsewhere/file'",
    "domain = /srv/elsewhere/file,  'list of domains /srv/elsewhere/file'",
  })
  void reload_thatNamesAFileElsewhere_isRefusedAndTheRestartIsNot(String line, String named) {
    String file = line.startsWith("domain") ? "lab.example\n" : "late: overhard\n";
    write("/srv/elsewhere/file", file);
    try (Daemon daemon = start()) {
      String setting = line.split(" ", -1)[0];
      String without = CONFIGURATION.replaceAll("(?m)^" + setting + " .*\n", "");
      write("/srv/conf/quotapolicy.conf", without + line + "\nover-quota = 552 5.2.2 Full\n");
      Guest.must("kill -HUP " + daemon.pid());
      awaitLog(daemon, named + OUT_OF_REACH);
      awaitLog(daemon, "configuration not reloaded, what was in force stays in force");
      assertEquals(Verdict.REFUSE, verdict("first"));
      assertEquals(Verdict.ACCEPT, verdict("room"));
    }
    try (Daemon again = start()) {
      assertEquals("552 5.2.2 Full", Policy.askOnce("overhard", 0).action(), again::log);
    }
  }

  @Test
  void serviceManager_isToldOfAReload() {
    long manager = background(List.of("python3", "-c", MANAGER));
    Guest.await("nobody listens", SOON, () -> Files.exists(Path.of("/run/lab/notify")));
    try (Daemon daemon = start("env", "NOTIFY_SOCKET=/run/lab/notify")) {
      daemon.reload();
      Path told = Path.of("/run/lab/notified");
      Guest.await("told", SOON, () -> Guest.read(told).contains("configuration reloaded"));
      assertTrue(Guest.read(told).contains("RELOADING=1"), Guest.read(told));
    } finally {
      Guest.must("kill " + manager);
    }
  }

  @Test
  void status_isTold_andTheEndLeavesNoFile() {
    try (Daemon daemon = start()) {
      Guest.Result status = Guest.run("quotapolicy", "status", "--config", CONFIG);
      assertEquals(0, status.status(), status::text);
      assertTrue(Files.exists(Daemon.SOCKET) && Files.exists(Daemon.PID_FILE));
      assertEquals(0, daemon.stop(), daemon::log);
      for (Path file : List.of(Daemon.SOCKET, Daemon.PID_FILE, CONTROL)) {
        assertFalse(Files.exists(file, LinkOption.NOFOLLOW_LINKS), () -> file + daemon.log());
      }
    }
  }
}
