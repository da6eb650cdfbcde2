// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.helperclient.HelperCommand;
import org.quotapolicy.helperclient.HelperLog;
import org.quotapolicy.helperclient.HelperSettings;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.policy.ActionTemplate;
import org.quotapolicy.policy.Answers;
import org.quotapolicy.policy.Exemptions;
import org.quotapolicy.policy.LocalDomains;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.policy.Storage;
import org.quotapolicy.server.AliasFiles;
import org.quotapolicy.server.Limits;
import org.quotapolicy.server.Log;
import org.quotapolicy.server.NfsMailboxes;
import org.quotapolicy.server.PolicyServers;
import org.quotapolicy.server.PolicySocket;
import org.quotapolicy.server.RecipientCheck;
import org.quotapolicy.server.Rules;
import org.quotapolicy.server.Statistics;

/** A process of its own, which is everything of the daemon but its privileges. */
@Timeout(30)
final class ShutdownTest {
  private final Path directory;
  private final Path socket;

  ShutdownTest(@TempDir Path directory) {
    this.directory = directory;
    this.socket = directory.resolve("policy");
  }

  /** Arguments: directory, and how many lines to log first. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Log log = Log.toStandardError();
    Shutdown shutdown = new Shutdown(log, ServiceNotices.NONE, new AtomicInteger(7));
    shutdown.register();
    HelperLog helperLog = new HelperLog(log::info, log::warning);
    HelperSettings settings = HelperSettings.withTimeout(Duration.ofSeconds(20));
    HelperCommand command = HelperCommand.direct(directory.resolve("hangs").toString());
    HelperClient helper = new HelperClient(command, settings, helperLog, () -> {});
    shutdown.owns(helper);
    helper.start();
    Answers answers =
        new Answers(
            ActionTemplate.DUNNO,
            ActionTemplate.DUNNO,
            ActionTemplate.DUNNO,
            ActionTemplate.DUNNO,
            false,
            true);
    Rules rules =
        new Rules(
            new RecipientDelimiter("+"),
            LocalDomains.ALL,
            Exemptions.NONE,
            AliasFiles.watch(List.of(), List.of(), log, Duration.ZERO),
            answers,
            Storage.HOME,
            0);
    NfsMailboxes servers = new NfsMailboxes((export, uid, gid, deadline, sink) -> {});
    RecipientCheck check =
        new RecipientCheck(
            helper,
            Mailbox.onThisMachine(),
            servers,
            rules,
            Duration.ofSeconds(18),
            new Statistics(),
            log);
    PolicyServers server =
        shutdown
            .open(
                () -> PidFile.take(directory.resolve("pid")),
                () -> {
                  PolicySocket socket =
                      PolicySocket.bind(directory.resolve("policy"), 0600, OptionalLong.empty());
                  return new PolicyServers(
                      List.of(socket), check, Limits.DEFAULT, new Statistics(), log);
                })
            .orElseThrow();
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      log.info("x".repeat(100));
    }
    Files.createFile(directory.resolve("ready"));
    server.run();
  }

  private Process start(int lines) throws IOException, InterruptedException {
    Path hangs = directory.resolve("hangs");
    Files.writeString(hangs, "#!/bin/sh\nexec sleep 20 2>/dev/null\n");
    assertTrue(hangs.toFile().setExecutable(true));
    Process daemon =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ShutdownTest.class.getName(),
                directory.toString(),
                Integer.toString(lines))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (!Files.exists(directory.resolve("ready"))) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return daemon;
  }

  /** Asks a question whose answer hangs, ends the daemon, and gives what was answered. */
  private String endWhileAsking(Process daemon) throws IOException, InterruptedException {
    try (SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      peer.write(ByteBuffer.wrap("recipient=a@b\n\n".getBytes(StandardCharsets.US_ASCII)));
      TimeUnit.MILLISECONDS.sleep(300); // until it is read, however slow this machine is
      daemon.toHandle().destroy(); // unlike the process's own method, it leaves the pipe alone
      assertTrue(daemon.waitFor(3, TimeUnit.SECONDS), "no end in time");
      ByteBuffer answer = ByteBuffer.allocate(100);
      peer.read(answer);
      return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
    } finally {
      daemon.toHandle().destroyForcibly();
    }
  }

  private void assertCleanEnd(Process daemon) {
    assertEquals(7, daemon.exitValue());
    assertFalse(Files.exists(socket));
    assertFalse(Files.exists(directory.resolve("pid")));
  }

  @Test
  void sigterm_whileHelperHangs_answersAndEndsWithinASecond() throws Exception {
    Process daemon = start(0);
    assertEquals("action=DUNNO\n\n", endWhileAsking(daemon));
    assertCleanEnd(daemon);
    String log = new String(daemon.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertTrue(log.endsWith("quotapolicy: ended\n"), log);
  }

  /** Far more than a pipe holds, and nobody reads it. */
  @Test
  void sigterm_whileHelperAndLogHang_answersAndEndsWithinASecond() throws Exception {
    Process daemon = start(100_000);
    assertEquals("action=DUNNO\n\n", endWhileAsking(daemon));
    assertCleanEnd(daemon);
  }
}
