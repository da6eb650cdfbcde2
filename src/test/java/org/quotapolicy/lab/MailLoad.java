// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Mail without a pause, on several sessions: each message is for nolimit, who has room, and for
 * bob, who is full. Whatever happens meanwhile, the first must be delivered and the second refused.
 */
final class MailLoad {
  private static final int SESSIONS = 2;
  private static final Duration DELIVERY = Duration.ofSeconds(90);
  private static final Path LOG = Path.of("/var/log/postfix.log");
  private static final String REFUSAL = "450 4\\.2\\.2 <bob@.*";

  private final AtomicInteger accepted = new AtomicInteger();

  /** The longest that a client waited for the reply to a recipient, in milliseconds. */
  private final AtomicLong longest = new AtomicLong();

  /** What should not have been, and how often. */
  private final Map<String, Integer> wrong = new ConcurrentHashMap<>();

  private final int delivered = delivered();
  private final int logged = Guest.read(LOG).length();
  private final List<Thread> threads =
      Stream.generate(() -> new Thread(this::send)).limit(SESSIONS).toList();
  private volatile boolean over;

  /** Begins to send; returns when mail flows. */
  static MailLoad start() {
    MailLoad load = new MailLoad();
    load.threads.forEach(Thread::start);
    load.awaitMore();
    return load;
  }

  /** Waits until some more mails are through. */
  void awaitMore() {
    int least = accepted.get() + 2 * SESSIONS;
    Guest.await(
        "mail flows: " + wrong, Duration.ofSeconds(90), () -> accepted.get() >= least || over);
  }

  /** Ends it; returns how many messages were accepted, after all that must hold was found to. */
  int finish() {
    over = true;
    threads.forEach(MailLoad::join);
    assertEquals(Map.of(), wrong, () -> "of " + accepted + " messages");
    assertTrue(accepted.get() > 0);
    Guest.await(
        "all " + accepted + " delivered",
        DELIVERY,
        () -> delivered() - delivered == accepted.get());
    String log = Guest.read(LOG).substring(logged);
    assertFalse(log.contains("status=bounced"), log);
    assertFalse(log.contains("4.3.5"), log);
    return accepted.get();
  }

  /** How it went, for people. */
  @Override
  public String toString() {
    return accepted + " messages, none lost, longest wait " + longest + " ms";
  }

  private void send() {
    while (!over) {
      try (Smtp session = new Smtp()) {
        session.must("MAIL FROM:<alice@lab.example>");
        assertTrue(recipient(session, "nolimit").matches("250 .*"));
        String reply = recipient(session, "bob");
        if (!reply.matches(REFUSAL)) {
          wrong.merge("bob: " + reply, 1, Integer::sum);
        }
        session.must("DATA");
        session.must("Subject: load\r\n\r\ntext\r\n.");
        accepted.incrementAndGet();
      } catch (AssertionError | RuntimeException e) {
        wrong.merge(e.toString(), 1, Integer::sum);
      }
    }
  }

  private String recipient(Smtp session, String user) {
    long start = System.nanoTime();
    String reply = session.say("RCPT TO:<" + user + "@lab.example>");
    longest.accumulateAndGet(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), Math::max);
    return reply;
  }

  private static int delivered() {
    return Integer.parseInt(Guest.must("ls /home/nolimit/Maildir/new 2>/dev/null | wc -l").strip());
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
