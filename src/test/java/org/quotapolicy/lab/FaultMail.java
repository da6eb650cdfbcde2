// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.quotapolicy.lab.FaultHost.Group;
import org.quotapolicy.lab.FaultHost.Recipient;
import org.quotapolicy.lab.FaultHost.Way;

/**
 * Mail without a pause while things happen, and the account of it: for each message that Postfix
 * accepted there must be one in each recipient's mailbox, or a bounce that can be explained.
 */
final class FaultMail {
  private static final int SESSIONS = 2;
  private static final Duration PAUSE = Duration.ofMillis(800);
  private static final Duration DELIVERY = Duration.ofMinutes(4);
  private static final Path LOG = Path.of("/var/log/postfix.log");
  private static final String SENDER = "MAIL FROM:<nolimit@lab.example>";
  private static final Pattern QUEUED = Pattern.compile("250 2\\.0\\.0 Ok: queued as (\\w+)");

  /** Its own look-up of a recipient failed; nobody asked us. */
  private static final String TROUBLE_OF_POSTFIX = "Temporary lookup failure";

  /** Who has room without a limit, and so can get mail all the time. */
  private static final Set<String> TAKERS = Set.of("nolimit", "xnolimit", "faultroom", "both");

  /** A recipient that Postfix accepted for a message; {@code isOdd}: though he was full. */
  private record Accepted(String name, boolean isOdd) {}

  private final FaultHost host;
  private final FaultWatch watch;
  private final int logged = Guest.read(LOG).length();

  /** By what stands in its subject. */
  private final Map<String, List<Accepted>> messages = new HashMap<>();

  private final Map<String, String> queueIds = new HashMap<>();
  private final AtomicLong longest = new AtomicLong();
  private final AtomicLong lookups = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final List<Thread> threads;
  private volatile boolean over;
  private int next;
  private int bounced;
  private int unstored;

  private FaultMail(FaultHost host, FaultWatch watch, long seed) {
    this.host = host;
    this.watch = watch;
    this.threads =
        IntStream.range(0, SESSIONS)
            .mapToObj(i -> new Thread(() -> send(new SplittableRandom(seed + 100 + i)), "mail"))
            .toList();
  }

  static FaultMail start(FaultHost host, FaultWatch watch, long seed) {
    FaultMail mail = new FaultMail(host, watch, seed);
    mail.threads.forEach(Thread::start);
    return mail;
  }

  private void send(SplittableRandom random) {
    while (!over) {
      try (Smtp session = new Smtp()) {
        for (int i = random.nextInt(1, 6); i > 0 && !over; i--) {
          sendOne(session, random);
          Guest.pause(PAUSE);
        }
      } catch (AssertionError | RuntimeException e) {
        watch.note("mail: " + e + " during " + host.now());
      }
    }
  }

  private void sendOne(Smtp session, SplittableRandom random) {
    // What was refused at its end may still be open.
    session.must("RSET");
    session.must(SENDER);
    List<Accepted> accepted = new ArrayList<>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      Recipient recipient = FaultHost.RECIPIENTS.get(random.nextInt(FaultHost.RECIPIENTS.size()));
      boolean isNew = accepted.stream().noneMatch(other -> other.name().equals(recipient.name()));
      if (isNew && (recipient.isFull() || !isLimited(recipient))) {
        offer(session, recipient, accepted);
      }
    }
    if (random.nextInt(8) == 0) {
      offerElsewhere(session);
    }
    if (accepted.isEmpty()) {
      return;
    }
    String subject = name();
    session.must("DATA");
    Matcher queued = QUEUED.matcher(data(session, subject));
    if (queued.find()) {
      remember(subject, queued.group(1), accepted);
    }
  }

  /** Mail would fill them by and by. */
  private static boolean isLimited(Recipient recipient) {
    return !TAKERS.contains(recipient.name()) && recipient.group() != Group.NOBODY;
  }

  private synchronized String name() {
    return "fault-" + host.way() + "-" + ++next;
  }

  private String data(Smtp session, String subject) {
    String reply = session.say("Subject: " + subject + "\r\n\r\ntext\r\n.");
    // With one recipient he is asked about again.
    if (!reply.matches("250 2\\.0\\.0 Ok: queued as .*|450 4\\.[23]\\.\\d .*")) {
      watch.note("end of data: " + reply + " during " + host.now());
    }
    return reply;
  }

  private synchronized void remember(String subject, String queueId, List<Accepted> accepted) {
    messages.put(subject, accepted);
    queueIds.put(subject, queueId);
  }

  private void offer(Smtp session, Recipient recipient, List<Accepted> accepted) {
    FaultKind before = host.now();
    long start = System.nanoTime();
    String reply = session.say("RCPT TO:<" + recipient.name() + "@lab.example>");
    longest.accumulateAndGet((System.nanoTime() - start) / 1_000_000, Math::max);
    FaultKind after = host.now();
    if (reply.startsWith("250 ")) {
      accepted.add(new Accepted(recipient.name(), recipient.isFull()));
    } else {
      refused.incrementAndGet();
    }
    if (!isAllowed(recipient, reply, before, after)) {
      watch.note("%s: %s during %s, %s".formatted(recipient.name(), reply, before, after));
    }
  }

  private boolean isAllowed(
      Recipient recipient, String reply, @Nullable FaultKind before, @Nullable FaultKind after) {
    if (recipient.group() == Group.NOBODY && reply.startsWith("550 5.1.1 ")) {
      return true;
    }
    Policy.Verdict verdict =
        reply.startsWith("250 ")
            ? Policy.Verdict.ACCEPT
            : reply.startsWith("450 4.2.2 ") ? Policy.Verdict.REFUSE : Policy.Verdict.UNKNOWN;
    if (recipient.group() == Group.NOBODY && verdict == Policy.Verdict.ACCEPT) {
      return false;
    }
    if (reply.contains(TROUBLE_OF_POSTFIX)) {
      lookups.incrementAndGet();
      return true;
    }
    boolean isKnown = verdict != Policy.Verdict.UNKNOWN || reply.startsWith("450 4.3.0 ");
    return isKnown
        && (FaultWatch.isAllowed(recipient, verdict, before, after)
            || (verdict == Policy.Verdict.ACCEPT && isUnasked(before, after)));
  }

  /** Where nobody holds the socket, Postfix goes on without us while there is no daemon. */
  private boolean isUnasked(@Nullable FaultKind before, @Nullable FaultKind after) {
    return host.way() != Way.PASSED
        && ((before != null && before.mayEndDaemon()) || (after != null && after.mayEndDaemon()));
  }

  private void offerElsewhere(Smtp session) {
    String reply = session.say("RCPT TO:<alice@elsewhere.example>");
    if (!reply.startsWith("454 4.7.1 ") && !reply.startsWith("554 5.7.1 ")) {
      watch.note("elsewhere: " + reply + " during " + host.now());
    }
  }

  /** Ends it, and fails if a message was lost, came twice, or went elsewhere. */
  void finish() {
    over = true;
    Guest.join(threads);
    Guest.await(
        "the queue is empty",
        DELIVERY,
        () -> {
          Guest.must("postqueue -f");
          Guest.pause(Duration.ofSeconds(1));
          return Guest.must("postqueue -j").isBlank();
        });
    settleAccounts();
  }

  private void settleAccounts() {
    Map<String, Set<String>> boxes = new TreeMap<>();
    for (String taker : List.of("nolimit", "xnolimit", "faultroom")) {
      boxes.put(taker, subjects(taker));
    }
    String log = Guest.read(LOG).substring(logged);
    Map<String, Set<String>> bounces = bounces(log);
    messages.forEach(
        (subject, accepted) -> {
          for (Accepted one : accepted) {
            String box = one.name().equals("both") ? "nolimit" : one.name();
            boolean isThere = boxes.getOrDefault(box, Set.of()).contains(subject);
            boolean isReturned =
                bounces.getOrDefault(queueIds.get(subject), Set.of()).contains(one.name());
            if (one.isOdd() && (isReturned || isThere || isIn(one.name(), subject))) {
              bounced += isReturned ? 1 : 0;
            } else if (isReturned && isOfTheFilesystem(log, queueIds.get(subject))) {
              unstored++;
            } else if (!isThere) {
              watch.note(
                  "LOST: " + subject + " for " + one.name() + history(log, queueIds.get(subject)));
            }
          }
        });
    Assertions.assertFalse(log.contains("4.3.5"), "Postfix found its configuration at fault");
    log.lines()
        .filter(line -> line.contains(" status=sent ") && !line.contains("relay=local"))
        .forEach(line -> watch.note("RELAYED: " + line));
    Guest.must(
        "rm -rf /home/*/Maildir/new /srv/xfs/*/Maildir/new " + FaultHost.SPARE + "/*/Maildir/new");
  }

  /** Postfix returns at once what it cannot store on a filesystem that is away or read-only. */
  private static boolean isOfTheFilesystem(String log, @Nullable String queueId) {
    return history(log, queueId)
        .matches(
            "(?s).*status=bounced \\(maildir delivery failed: create maildir file "
                + FaultHost.SPARE
                + "\\S+ (Read-only file system|Permission denied|No such file or directory)\\).*");
  }

  private static String history(String log, @Nullable String queueId) {
    return log.lines()
        .filter(line -> line.contains(" " + queueId + ": "))
        .collect(Collectors.joining("\n", "\n", ""));
  }

  /** Someone full, who had room for a moment. */
  private static boolean isIn(String user, String subject) {
    return user.equals("full-list") || subjects(user).contains(subject);
  }

  /** The recipients whose copy was returned, by queue id; aliases by their own names. */
  private static Map<String, Set<String>> bounces(String log) {
    Pattern bounce =
        Pattern.compile(
            ": (\\w+): to=<([^@>]*)@[^>]*>,(?: orig_to=<([^@>]*)@?[^>]*>,)? .*status=bounced");
    Map<String, Set<String>> bounces = new HashMap<>();
    for (String line : log.lines().toList()) {
      Matcher matcher = bounce.matcher(line);
      if (matcher.find()) {
        Set<String> names = bounces.computeIfAbsent(matcher.group(1), id -> new HashSet<>());
        names.add(matcher.group(2));
        if (matcher.group(3) != null) {
          names.add(matcher.group(3));
        }
      }
    }
    return bounces;
  }

  /** The subjects of all mail in a mailbox; each must be there once. */
  private static Set<String> subjects(String user) {
    Path directory = Path.of(Guest.home(user), "Maildir", "new");
    Set<String> subjects = new HashSet<>();
    if (!Files.isDirectory(directory)) {
      return subjects;
    }
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(
          file ->
              Guest.read(file)
                  .lines()
                  .filter(line -> line.startsWith("Subject: fault-"))
                  .forEach(line -> subjects.add(line.substring("Subject: ".length()))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return subjects;
  }

  /** How it went, for people. */
  @Override
  public String toString() {
    long accepted = messages.values().stream().mapToLong(List::size).sum();
    return "%d messages accepted for %d recipients, %d refused, %d returned that were accepted unasked, %d that Postfix found no disk for, %d look-ups of its own failed; longest wait for a reply to RCPT %d ms"
        .formatted(
            messages.size(),
            accepted,
            refused.get(),
            bounced,
            unstored,
            lookups.get(),
            longest.get());
  }
}
