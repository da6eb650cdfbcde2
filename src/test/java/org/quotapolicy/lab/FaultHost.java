// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/**
 * A mail host that things happen to: users on four filesystems, aliases, and the daemon, which
 * {@code keep-running} starts again whenever it ends.
 */
final class FaultHost implements AutoCloseable {
  static final Path DIRECTORY = Path.of("/tmp/faults");
  static final Path CONFIG = DIRECTORY.resolve("quotapolicy.conf");
  static final Path ALIASES = Path.of("/etc/aliases");
  static final String SPARE = "/tmp/spare";
  static final String SPARE_DEVICE = "/dev/ubdf";

  /** Each request must be answered within it. */
  static final int TIMEOUT_SECONDS = 4;

  private static final String LIBRARY = "/lib/x86_64-linux-gnu/libnss_trouble.so.2";
  private static final Path NSS = DIRECTORY.resolve("nss");
  private static final Duration START = Duration.ofSeconds(90);
  private static final int FIRST_ID = 39_500;

  /** How the daemon is started, who has the socket, and where the log goes. */
  enum Way {
    /** By root; a socket of its own, a file. */
    DIRECT,
    /** By root; a socket that is passed to it and stays open, a pipe. */
    PASSED,
    /** By its user; a socket of its own, a file. */
    SUDO
  }

  /** What a recipient's mail depends on. */
  enum Group {
    HOME,
    /** On /home, too; his grace period is over, as long as the clock is right. */
    GRACE,
    XFS,
    SPARE,
    NFS,
    ALIAS,
    NOBODY
  }

  /** A recipient, and whether there is no room for him. */
  record Recipient(String name, boolean isFull, Group group) {}

  static final List<Recipient> RECIPIENTS =
      List.of(
          new Recipient("nolimit", false, Group.HOME),
          new Recipient("room", false, Group.HOME),
          new Recipient("softgrace", false, Group.HOME),
          new Recipient("bob", true, Group.HOME),
          new Recipient("overhard", true, Group.HOME),
          new Recipient("inodefull", true, Group.HOME),
          new Recipient("graceover", true, Group.GRACE),
          new Recipient("xnolimit", false, Group.XFS),
          new Recipient("xoverhard", true, Group.XFS),
          new Recipient("xinodefull", true, Group.XFS),
          new Recipient("faultroom", false, Group.SPARE),
          new Recipient("faultfull", true, Group.SPARE),
          new Recipient("v4room", false, Group.NFS),
          new Recipient("v4full", true, Group.NFS),
          new Recipient("both", false, Group.ALIAS),
          new Recipient("full-list", true, Group.ALIAS),
          new Recipient("stranger", false, Group.NOBODY));

  private final Way way;
  private final NfsServer server;
  private @Nullable Process manager;

  /** What happens now; null = nothing, and all is as before. */
  private volatile @Nullable FaultKind now;

  private FaultHost(Way way, NfsServer server) {
    this.way = way;
    this.server = server;
  }

  /** Makes what all ways have in common; returns the NFS server. */
  static NfsServer prepare() {
    NfsServer server =
        NfsServer.start(
            "nfs1",
            1,
            "/dev/ubde",
            "ext4",
            "/srv/nfs *(rw,fsid=0,no_root_squash,no_subtree_check)");
    server.mount("vers=4.2", server.address() + ":/", "/net/v4");
    NfsServer.addName("v4room", "nroom", "/net/v4/nroom");
    NfsServer.addName("v4full", "nfull", "/net/v4/nfull");
    Guest.must(
        """
        mkdir -p /tmp/faults/log /run/faults && chmod 755 /tmp/faults
        mount -t tmpfs -o size=24m tmpfs /tmp/faults/log
        mount -o remount,size=96m /run
        cc -O1 -Wall -Wextra -Werror -shared -fPIC -o %s /lab/repo/src/test/lab/nss_trouble.c
        cp /etc/nsswitch.conf /tmp/faults/nsswitch.conf
        sed -i 's/^passwd:.*/passwd: trouble [UNAVAIL=return TRYAGAIN=return] files systemd/' /etc/nsswitch.conf
        printf 'both: bob, nolimit\\nfull-list: bob, overhard\\n' >/etc/aliases && postalias /etc/aliases
        mkdir -p %s
        mkfs.ext4 -q -F -b 4096 -O quota %s 512m
        """
            .formatted(LIBRARY, SPARE, SPARE_DEVICE));
    mountSpare();
    addUser("faultroom", FIRST_ID, 64);
    addUser("faultfull", FIRST_ID + 1, 2044);
    Guest.must("setquota -u faultfull 0 1024 0 0 " + SPARE);
    Guest.must(
        """
        POLICY_TIMEOUT=60s /lab/repo/src/test/lab/start-postfix true
        postconf -e alias_maps=hash:/etc/aliases
        postconf -e 'local_recipient_maps=proxy:unix:passwd.byname hash:/etc/aliases'
        postconf -e minimal_backoff_time=20s maximal_backoff_time=60s queue_run_delay=20s
        postfix start""");
    return server;
  }

  static void mountSpare() {
    Guest.must("mount -o usrquota " + SPARE_DEVICE + " " + SPARE);
  }

  private static void addUser(String name, int id, int kib) {
    Guest.must(
        "echo %1$s:x:%2$d:%2$d::%3$s/%1$s:/bin/sh >>/etc/passwd; echo %1$s:x:%2$d: >>/etc/group"
            .formatted(name, id, SPARE));
    Guest.must(
        "cd %2$s && mkdir %1$s && fallocate -l %3$dK %1$s/fill && chown -R %1$s:%1$s %1$s"
            .formatted(name, SPARE, kib));
  }

  /** Undoes what {@link #prepare} did, as far as other cases could see it. */
  static void tidy(NfsServer server) {
    Guest.must("postfix stop; cp /tmp/faults/nsswitch.conf /etc/nsswitch.conf; rm " + LIBRARY);
    Guest.must("umount " + SPARE + "; umount -l /tmp/faults/log; mount -o remount,size=50% /run");
    Guest.must("rm -rf /home/*/Maildir /srv/xfs/*/Maildir /tmp/faults");
    server.close();
  }

  /** Starts the daemon; returns when it answers. */
  static FaultHost start(Way way, NfsServer server) {
    FaultHost host = new FaultHost(way, server);
    write(CONFIG, "over-quota = temporary\n");
    Guest.must(
        "mount -t tmpfs -o size=1m,nr_inodes=64,mode=0750,uid=%s,gid=%s tmpfs %s"
            .formatted(Daemon.USER, "postfix", Daemon.HOME));
    Guest.must("rm -f %1$s/events %1$s/pid %1$s/reader".formatted(DIRECTORY));
    try {
      host.manager =
          new ProcessBuilder(command(way))
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(Path.of("/lab/results/keep-running.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Guest.await("the daemon is ready", START, () -> host.log().contains("ready: "));
    return host;
  }

  private static List<String> command(Way way) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("/lab/repo/src/test/lab/keep-running", DIRECTORY.toString()));
    if (way == Way.PASSED) {
      words.addAll(List.of("--socket", Daemon.SOCKET.toString(), "--pipe"));
    }
    String timeout = Integer.toString(TIMEOUT_SECONDS);
    String[] daemon = {
      "/usr/bin/quotapolicy",
      "daemon",
      "--config",
      CONFIG.toString(),
      "--timeout",
      timeout,
      "--nfs-timeout",
      "2",
      "--nfs-cache",
      "0",
      "--aliases",
      ALIASES.toString(),
      "--on-error",
      Daemon.COULD_NOT_TELL,
    };
    words.addAll(way == Way.SUDO ? Guest.asUser(Daemon.USER, daemon) : List.of(daemon));
    return words;
  }

  Way way() {
    return way;
  }

  NfsServer server() {
    return server;
  }

  @Nullable FaultKind now() {
    return now;
  }

  void setNow(@Nullable FaultKind kind) {
    now = kind;
  }

  /** The daemon's process. */
  long daemon() {
    return Long.parseLong(Guest.read(DIRECTORY.resolve("pid")).strip());
  }

  /** The process that reads the log, where there is one. */
  long logReader() {
    return Long.parseLong(Guest.read(DIRECTORY.resolve("reader")).strip());
  }

  /** The newest helper. */
  long helper() {
    return Long.parseLong(Guest.must("pgrep -n -x -u quotapolicy-helper java").strip());
  }

  /** All helpers, also those that nobody talks to any more. */
  static Set<Long> helpers() {
    return Proc.named("java", Guest.uid("quotapolicy-helper"));
  }

  /** What each of their threads does, for who wants to know why one does not end. */
  static String threadsOfHelpers() {
    return helpers().stream()
        .map(
            helper ->
                Guest.sh(
                        "cd /proc/%d && grep -E '^(State|PPid|Threads)' status; cd task && for t in *; do echo $t $(cat $t/comm; grep State $t/status; cat $t/stack); done"
                            .formatted(helper))
                    .text())
        .collect(Collectors.joining("\n"));
  }

  /** What was started and how it ended. */
  static List<String> events() {
    return Guest.read(DIRECTORY.resolve("events")).lines().toList();
  }

  /** What the daemon has said since {@link #clearLog}. */
  String log() {
    return Files.exists(logFile()) ? Guest.read(logFile()) : "";
  }

  /** The same without the refusals. */
  String told() {
    return log()
        .lines()
        .filter(line -> !line.contains("over quota: "))
        .collect(Collectors.joining("\n"));
  }

  private Path logFile() {
    return DIRECTORY.resolve(way == Way.PASSED ? "daemon.log" : "log/daemon.log");
  }

  /** Keeps what is worth it, but not each refusal, in the results, and empties the log. */
  void clearLog(String title) {
    Path results = Path.of("/lab/results/faults-" + way + ".log");
    try {
      Files.writeString(
          results,
          told() + "\n--- " + title + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      Files.newByteChannel(
              logFile(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
          .close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has the name service do something to the helper: see nss_trouble.c. Empty: nothing. */
  static void nameService(String what) {
    if (what.isEmpty()) {
      Assertions.assertTrue(NSS.toFile().delete());
      return;
    }
    Path next = DIRECTORY.resolve("nss.new");
    write(next, what + " " + Guest.uid("quotapolicy-helper"));
    Assertions.assertTrue(next.toFile().renameTo(NSS.toFile()));
  }

  static void write(Path file, String text) {
    try {
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    clearLog("end");
    try {
      if (manager != null) {
        manager.destroy();
        manager.waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Guest.sh(
        "cp %1$s/events /lab/results/faults-%2$s.events; cp /var/log/postfix.log /lab/results/faults-%2$s.postfix.log"
            .formatted(DIRECTORY, way));
    Guest.must("umount -l " + Daemon.HOME);
  }
}
