// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.quotapolicy.lab.FaultHost.Group;
import org.quotapolicy.lab.FaultHost.Way;

/** What can happen to a mail host, and what may be noticed of it. */
@SuppressWarnings("ImmutableEnumChecker") // the sets are never changed
enum FaultKind {
  HELPER_KILLED(all(), none(), "helper ended: ") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      signal("KILL", host.helper());
    }
  },
  HELPER_STOPPED_FOR_GOOD(all(), none(), "helper ended: |the helper is lost") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      long helper = host.helper();
      signal("STOP", helper);
      Guest.await("another helper", LONG, () -> FaultHost.helpers().size() > 1 || hasEnded(helper));
      Guest.sh("kill -KILL " + helper);
    }
  },
  HELPER_STOPPED_A_MOMENT(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      stopAMoment(host.helper(), random);
    }
  },
  HELPER_SLOW(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      slowDown(host.helper(), random);
    }
  },
  HELPER_OUT_OF_DESCRIPTORS(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      limit(host.helper(), "nofile", random);
    }
  },
  HELPER_OUT_OF_MEMORY(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      limit(host.helper(), "as", random);
    }
  },
  HELPER_KILLED_FOR_MEMORY(all(), none(), "helper ended: ") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      killForMemory(host.helper());
    }
  },
  DAEMON_KILLED(all(), none(), "ready: ") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      signal("KILL", host.daemon());
    }
  },
  DAEMON_ENDED(all(), none(), "ready: ") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      signal("TERM", host.daemon());
    }
  },
  DAEMON_STOPPED_A_MOMENT(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      stopAMoment(host.daemon(), random);
    }
  },
  DAEMON_SLOW(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      slowDown(host.daemon(), random);
    }
  },
  DAEMON_OUT_OF_DESCRIPTORS(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      limit(host.daemon(), "nofile", random);
    }
  },
  DAEMON_OUT_OF_MEMORY(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      limit(host.daemon(), "as", random);
    }
  },
  DAEMON_KILLED_FOR_MEMORY(all(), none(), "ready: ") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      killForMemory(host.daemon());
    }
  },
  RELOADED(none(), none(), "configuration reloaded") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      FaultHost.write(FaultHost.CONFIG, "over-quota = temporary\nreserve = 0\n");
      signal("HUP", host.daemon());
      awaitLog(host, "configuration reloaded");
    }
  },
  RELOADED_WRONGLY(none(), none(), "configuration not reloaded") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      FaultHost.write(FaultHost.CONFIG, "over-quota = OK\nnonsense = yes\n");
      signal("HUP", host.daemon());
      awaitLog(host, "configuration not reloaded");
      FaultHost.write(FaultHost.CONFIG, "over-quota = temporary\n");
      // Else the next daemon could be started with it before this is read by anybody.
      signal("HUP", host.daemon());
      awaitLog(host, "configuration reloaded");
    }
  },
  ALIASES_GONE(none(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      Guest.must(
          "mv /etc/aliases /etc/aliases.away; sleep %s; mv /etc/aliases.away /etc/aliases"
              .formatted(seconds(random)));
    }
  },
  LOG_DISK_FULL(none(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      fill("/tmp/faults/log", random, "");
    }

    @Override
    boolean fits(Way way) {
      return way != Way.PASSED;
    }
  },
  /**
   * As where it may not be written any more: write(2) fails at once, each time; then it goes on.
   */
  LOG_REFUSED(none(), none(), "configuration reloaded") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      limit(host.daemon(), "fsize", random);
      signal("HUP", host.daemon());
      awaitLog(host, "configuration reloaded");
    }

    @Override
    boolean fits(Way way) {
      return way != Way.PASSED;
    }
  },
  LOG_READER_STOPPED(none(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      stopAMoment(host.logReader(), random);
    }

    @Override
    boolean fits(Way way) {
      return way == Way.PASSED;
    }
  },
  /** It finds its log again when it is started again. */
  LOG_READER_GONE(all(), none(), "ready: ") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      signal("KILL", host.logReader());
      hold(random);
      signal("TERM", host.daemon());
    }

    @Override
    boolean fits(Way way) {
      return way == Way.PASSED;
    }
  },
  HOMEDIR_FULL_AND_DAEMON_KILLED(all(), none(), "ready: ") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      fill(Daemon.HOME.toString(), random, "kill -KILL " + host.daemon() + "; sleep 1; ");
    }
  },
  RUN_FULL(none(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      fill("/run", random, "");
    }
  },
  MAIL_DISK_FULL(none(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      fill(FaultHost.SPARE, random, "");
    }
  },
  MOUNTS_CHANGE(none(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      Guest.must("mkdir -p /run/faults/m; perl -e '" + MOUNTING + "'");
    }
  },
  FROZEN(EnumSet.of(Group.SPARE), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      freeze(FaultHost.SPARE, random);
    }
  },
  HOME_FROZEN(EnumSet.of(Group.HOME, Group.GRACE, Group.ALIAS), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      freeze("/home", random);
    }
  },
  XFS_FROZEN(EnumSet.of(Group.XFS), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      freeze("/srv/xfs", random);
    }
  },
  UNMOUNTED(EnumSet.of(Group.SPARE), EnumSet.of(Group.SPARE), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      Guest.must("umount -l " + FaultHost.SPARE);
      hold(random);
      FaultHost.mountSpare();
    }
  },
  MOUNTED_OVER(EnumSet.of(Group.SPARE), EnumSet.of(Group.SPARE), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      Guest.must("mount -t tmpfs -o mode=755 none " + FaultHost.SPARE);
      hold(random);
      Guest.must("umount -l " + FaultHost.SPARE);
    }
  },
  MOUNTED_READ_ONLY(EnumSet.of(Group.SPARE), EnumSet.of(Group.SPARE), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      // Busy while a mail is being written there.
      Guest.must(
          "until mount -o remount,ro %1$s 2>/dev/null; do sleep 0.05; done; sleep %2$s; mount -o remount,rw %1$s"
              .formatted(FaultHost.SPARE, seconds(random)));
    }
  },
  QUOTAS_OFF(EnumSet.of(Group.SPARE), EnumSet.of(Group.SPARE), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      Guest.must("quotaoff -u " + FaultHost.SPARE);
      hold(random);
      Guest.must("quotaon -u " + FaultHost.SPARE);
    }
  },
  NAME_SERVICE_HANGS(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      nameService("hang", random);
    }
  },
  NAME_SERVICE_SLOW(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      nameService("slow", random);
    }
  },
  NAME_SERVICE_FAILS(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      nameService(random.nextBoolean() ? "fail" : "again", random);
    }
  },
  NFS_RQUOTAD_STOPPED(EnumSet.of(Group.NFS), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      host.server().signal("STOP", "rpc.rquotad");
      hold(random);
      host.server().signal("CONT", "rpc.rquotad");
    }
  },
  NFS_CUT_OFF(EnumSet.of(Group.NFS), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      host.server().must("ip link set eth0 down");
      hold(random);
      host.server().must("ip link set eth0 up");
    }
  },
  /** Until it is registered again it is not known whether there are quotas. */
  NFS_RQUOTAD_RESTARTED(EnumSet.of(Group.NFS), EnumSet.of(Group.NFS), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      host.server().signal("TERM", "rpc.rquotad");
      hold(random);
      host.server().must("rpc.rquotad");
    }
  },
  CLOCK_FORWARD(none(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      stepClock(1 + random.nextInt(172_800), random);
    }
  },
  CLOCK_BACK(none(), EnumSet.of(Group.GRACE), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      stepClock(-1 - random.nextInt(172_800), random);
    }
  },
  SOCKET_REMOVED(all(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      Guest.must("rm " + Daemon.SOCKET);
    }

    @Override
    boolean fits(Way way) {
      return way != Way.PASSED;
    }
  },
  CONNECTIONS_THAT_TALK_NONSENSE(none(), none(), "") {
    @Override
    void happen(FaultHost host, SplittableRandom random) {
      Guest.must("perl -e '" + NONSENSE + "' " + Daemon.SOCKET);
    }
  };

  private static final String NONSENSE =
      "use Socket; for (1 .. 300) { socket(my $s, AF_UNIX, SOCK_STREAM, 0);"
          + " connect($s, pack_sockaddr_un($ARGV[0])) or die $!; syswrite $s, $_ % 3 ? \"x\\n\" : \"a=\";"
          + " push @s, $s if $_ % 2 }";

  /** mount(2) and umount2(2): a tmpfs, a bind mount over it, and neither of them; no processes. */
  private static final String MOUNTING =
      "my ($on, $none, $tmpfs, $home) = (\"/run/faults/m\", \"none\", \"tmpfs\", \"/home\");"
          + " for (1 .. 20) { syscall(165, $none, $on, $tmpfs, 0, 0) == 0 or die \"tmpfs: $!\";"
          + " syscall(165, $home, $on, $none, 4096, 0) == 0 or die \"bind: $!\";"
          + " for (1, 2) { syscall(166, $on, 2) == 0 or die \"umount: $!\" } }";

  private static final Duration LONG = Duration.ofSeconds(60);

  private final Set<Group> unknown;
  private final Set<Group> changed;
  private final String said;

  /**
   * A kind.
   *
   * @param unknown of whom it may not be told meanwhile
   * @param changed who may have room meanwhile, because he has, as long as this lasts
   * @param said what must then be in the log: a regular expression; empty = nothing
   */
  FaultKind(Set<Group> unknown, Set<Group> changed, String said) {
    this.unknown = unknown;
    this.changed = changed;
    this.said = said;
  }

  private static Set<Group> all() {
    return EnumSet.allOf(Group.class);
  }

  private static Set<Group> none() {
    return EnumSet.noneOf(Group.class);
  }

  /** Makes it happen, and, unless it is for others to mend, undoes it. */
  abstract void happen(FaultHost host, SplittableRandom random);

  /** Whether it can happen to a daemon that is started in this way. */
  boolean fits(Way way) {
    return true;
  }

  boolean mayBeUnknown(Group group) {
    return unknown.contains(group);
  }

  boolean mayHaveRoom(Group group) {
    return changed.contains(group);
  }

  /** Whether the daemon may end, so that connections break. */
  boolean mayEndDaemon() {
    return name().startsWith("HELPER")
        || name().contains("DAEMON")
        || this == LOG_READER_GONE
        || this == SOCKET_REMOVED;
  }

  /** Whether nothing is undone: then its time counts from the beginning. */
  boolean isForOthersToMend() {
    return mayEndDaemon() && !name().contains("MOMENT") && !name().contains("SLOW");
  }

  /** Whether all that the daemon says comes into its log. */
  boolean leavesLog() {
    return !mayEndDaemon() && !name().startsWith("LOG");
  }

  String said() {
    return said;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** How long it lasts: mostly a moment, at times longer than any time limit of the daemon. */
  private static int millis(SplittableRandom random) {
    return random.nextInt(8) == 0 ? random.nextInt(800, 6_000) : random.nextInt(50, 800);
  }

  private static String seconds(SplittableRandom random) {
    return String.format(Locale.ROOT, "%.2f", millis(random) / 1_000.0);
  }

  private static void hold(SplittableRandom random) {
    Guest.pause(Duration.ofMillis(millis(random)));
  }

  private static void signal(String name, long process) {
    Guest.must("kill -" + name + " " + process);
  }

  private static boolean hasEnded(long process) {
    return Proc.running(process).isEmpty();
  }

  private static void stopAMoment(long process, SplittableRandom random) {
    Guest.must("kill -STOP %1$d; sleep %2$s; kill -CONT %1$d".formatted(process, seconds(random)));
  }

  /** Nine tenths of its time it is stopped. */
  private static void slowDown(long process, SplittableRandom random) {
    Guest.sh(
        "for i in $(seq %d); do kill -STOP %2$d; sleep 0.09; kill -CONT %2$d; sleep 0.01; done"
            .formatted(random.nextInt(3, 12), process));
  }

  /** It may have what it has, and nothing more. */
  private static void limit(long process, String what, SplittableRandom random) {
    String used =
        switch (what) {
          case "fsize" -> "0";
          case "nofile" -> "$(ls /proc/%d/fd | wc -l)".formatted(process);
          default ->
              "$(($(awk '/^VmSize/ { print $2 }' /proc/%d/status) * 1024))".formatted(process);
        };
    // It may have ended of it.
    Guest.sh(
        "limit() { prlimit --pid %d --%s\"$@\"; }; old=$(limit '' --output SOFT --noheadings --raw); limit =%s:; sleep %s; limit =$old:"
            .formatted(process, what, used, seconds(random)));
  }

  /** The kernel's own choice, which is made for it. */
  private static void killForMemory(long process) {
    Guest.must("echo 1000 >/proc/%d/oom_score_adj; echo f >/proc/sysrq-trigger".formatted(process));
    Guest.await("killed for memory", LONG, () -> hasEnded(process));
  }

  private static void fill(String directory, SplittableRandom random, String then) {
    Guest.sh(
        "cd %1$s; fallocate -l $(df -B1 --output=avail . | tail -n 1) fill;".formatted(directory)
            + " for i in $(seq 99); do echo >fill$i || break; done 2>/dev/null;"
            + "%s sleep %s; rm -f fill*".formatted(then, seconds(random)));
  }

  private static void freeze(String directory, SplittableRandom random) {
    Guest.must(
        "fsfreeze -f %1$s; sleep %2$s; fsfreeze -u %1$s".formatted(directory, seconds(random)));
  }

  private static void nameService(String what, SplittableRandom random) {
    FaultHost.nameService(what);
    hold(random);
    FaultHost.nameService("");
  }

  private static void stepClock(int seconds, SplittableRandom random) {
    String step = "date -s @$(($(date +%s) + " + seconds + "))";
    String back = "date -s @$(($(date +%s) - " + seconds + "))";
    Guest.must(step + "; sleep " + seconds(random) + "; " + back);
  }

  private static void awaitLog(FaultHost host, String words) {
    Guest.await(words + " in the log", LONG, () -> host.log().contains(words));
  }
}
