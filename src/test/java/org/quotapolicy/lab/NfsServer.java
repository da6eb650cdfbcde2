// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An NFS server, the kernel's own with Debian's daemons, in network and mount namespaces of its own
 * ({@code start-nfs}). Its users: {@code nroom} has room, {@code nfull} has none below his hard
 * limit, {@code ngrace} and {@code nexpired} are over their soft limits, {@code nfree} has no
 * limits, {@code ngroup}'s group is full.
 */
final class NfsServer implements AutoCloseable {
  private static final int FIRST_ID = 38_000;

  private final String name;
  private final int number;
  private final Deque<String> mountPoints = new ArrayDeque<>();

  private NfsServer(String name, int number) {
    this.name = name;
    this.number = number;
  }

  /**
   * Makes a filesystem, and starts the server with it.
   *
   * @param number tells its addresses from those of others: 10.77.NUMBER.1 and fd77:NUMBER::1
   * @param disk device, whose contents are lost
   * @param type of the filesystem
   * @param export line of exports(5) for /srv/nfs, where it is
   */
  static NfsServer start(String name, int number, String disk, String type, String export) {
    Guest.must(
        "mkfs."
            + type
            + " -q "
            + (type.equals("ext4") ? "-F -E nodiscard -O quota " : "-f -K -d size=512m ")
            + disk);
    NfsServer server = new NfsServer(name, number);
    Guest.must(
        "/lab/repo/src/test/lab/start-nfs %s %d %s '%s'".formatted(name, number, disk, export));
    server.addUsers();
    return server;
  }

  private void addUsers() {
    String[] users = {"nroom", "nfull", "ngrace", "nexpired", "nfree", "ngroup"};
    for (int i = 0; i < users.length; i++) {
      addName(users[i], users[i], FIRST_ID + i, "/nonexistent");
    }
    must(
        """
        cd /srv/nfs
        fill() { mkdir -p "$1"; fallocate -l "$2K" "$1/fill"; chown -R "$1:$1" "$1"; }
        fill nroom 64; fill nfull 1024; fill ngrace 2044; fill nexpired 2044; fill nfree 2044; fill ngroup 1024
        setquota -u nroom 8192 10240 100 200 .
        setquota -u nfull 0 1024 0 0 .
        setquota -u ngrace 1024 8192 0 0 .
        setquota -u nexpired 1024 8192 0 0 .
        setquota -T -u nexpired 1 1 . 2>/dev/null
        setquota -g ngroup 0 1024 0 0 .
        sleep 2
        """);
  }

  /** A further name of one of its users, whose home is there. */
  static void addName(String name, String user, String home) {
    addName(name, user, Guest.uid(user), home);
  }

  private static void addName(String name, String group, long id, String home) {
    append("/etc/passwd", "%s:x:%d:%d::%s:/bin/sh".formatted(name, id, id, home));
    append("/etc/group", "%s:x:%d:".formatted(group, id));
  }

  /** By no program: a start of one takes its time in the guest. */
  private static void append(String file, String line) {
    Path path = Path.of(file);
    String name = line.substring(0, line.indexOf(':') + 1);
    if (Guest.read(path).lines().noneMatch(other -> other.startsWith(name))) {
      try {
        Files.writeString(path, line + "\n", StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  String address() {
    return "10.77." + number + ".1";
  }

  String address6() {
    return "[fd77:" + number + "::1]";
  }

  /** Mounts something of it here. */
  void mount(String options, String source, String mountPoint) {
    Guest.must("mkdir -p " + mountPoint);
    Guest.must("mount -t nfs -o %s '%s' %s".formatted(options, source, mountPoint));
    mountPoints.push(mountPoint);
  }

  /** Mounts what is mounted already. */
  void bind(String from, String mountPoint) {
    Guest.must("mkdir -p %2$s && mount --bind %1$s %2$s".formatted(from, mountPoint));
    mountPoints.push(mountPoint);
  }

  /** Runs a shell command where the server is. */
  String must(String script) {
    return Guest.must(
        "nsenter -t $(cat /run/"
            + name
            + ".pid) --mount --net --root sh -ec '"
            + script.replace("'", "'\\''")
            + "'");
  }

  /** Sends a signal to one of its daemons. */
  void signal(String signal, String daemon) {
    Guest.must(
        "for pid in $(ip netns pids %s); do if [ \"$(cat /proc/$pid/comm)\" = %s ]; then kill -%s $pid; fi; done"
            .formatted(name, daemon, signal));
  }

  /** How many datagrams it has received so far: the mounts are by TCP. */
  long datagrams() {
    String line =
        must("grep ^Udp: /proc/net/snmp").lines().reduce((first, second) -> second).orElseThrow()
            + "\n";
    String line6 = must("grep ^Udp6InDatagrams /proc/net/snmp6 || true");
    long six = line6.isBlank() ? 0 : Long.parseLong(line6.split("\\s+", -1)[1]);
    return Long.parseLong(line.split("\\s+", -1)[1]) + six;
  }

  @Override
  public void close() {
    signal("CONT", "rpc.rquotad");
    mountPoints.forEach(path -> Guest.must("umount -f -l " + path));
    Guest.must("nsenter -t $(cat /run/%s.pid) --mount --net --root rpc.nfsd 0".formatted(name));
    Guest.must("kill -KILL $(ip netns pids %1$s); ip netns del %1$s".formatted(name));
  }
}
