// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaType;

/**
 * Asks NFS servers for quotas. One thread serves all servers and all who ask, and it is started
 * with the first question: who has no NFS mounts has none of it.
 */
public final class RquotaClient implements Rquota, AutoCloseable {
  /** Who wait for an answer, at most. */
  static final int MOST_ASKS = 4_096;

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private final RquotaSettings settings;
  private final RquotaLog log;
  private final String machine;
  private final int mapperPort;
  private final ThreadFactory factory;
  private final AtomicInteger asks = new AtomicInteger();
  private @Nullable Loop loop;
  private volatile @Nullable Inquiries inquiries;

  /** A client that has not asked yet. */
  public RquotaClient(RquotaSettings settings, RquotaLog log) {
    this(settings, log, PortMapper.PORT, Loop::thread);
  }

  /** One that looks for port mappers elsewhere than they are. */
  RquotaClient(RquotaSettings settings, RquotaLog log, int mapperPort) {
    this(settings, log, mapperPort, Loop::thread);
  }

  /** One whose thread comes from elsewhere, too. */
  RquotaClient(RquotaSettings settings, RquotaLog log, int mapperPort, ThreadFactory factory) {
    this.mapperPort = mapperPort;
    this.factory = factory;
    this.settings = settings;
    this.log = log;
    this.machine = hostName();
  }

  @Override
  public void ask(
      Export export, long uid, long gid, long deadlineNanos, Consumer<RemoteQuotas> sink) {
    submit(
        (all, once) -> askUser(all, export, uid, gid, deadlineNanos, once),
        why -> unknown(uid, gid, why),
        sink);
  }

  /**
   * Asks for one quota, as the user or group that it is of, and never waits.
   *
   * @param id an unsigned 32-bit number
   * @param sink takes the answer, which has one quota; see {@link Rquota#ask}
   */
  public void ask(Export export, QuotaType type, long id, Consumer<RemoteQuotas> sink) {
    Question question = new Question(export, type, id, credentials(id, id));
    long deadline = System.nanoTime() + 2 * settings.timeout().toNanos();
    submit(
        (all, once) -> all.ask(question, deadline, outcome -> once.accept(one(question, outcome))),
        why -> one(question, why),
        sink);
  }

  /** What the loop's thread is to do, if it can. */
  private void submit(
      BiConsumer<Inquiries, Consumer<RemoteQuotas>> task,
      Function<Outcome.Unknown, RemoteQuotas> otherwise,
      Consumer<RemoteQuotas> sink) {
    if (asks.incrementAndGet() > MOST_ASKS) {
      asks.decrementAndGet();
      sink.accept(otherwise.apply(Outcome.Unknown.overload("too many questions to NFS servers")));
      return;
    }
    Consumer<RemoteQuotas> once =
        answer -> {
          asks.decrementAndGet();
          tell(sink, answer);
        };
    try {
      Loop running = running();
      Inquiries all = Objects.requireNonNull(inquiries);
      running.execute(() -> task.accept(all, once));
    } catch (IOException e) {
      once.accept(
          otherwise.apply(Outcome.Unknown.failed("no selector or thread: " + e.getMessage())));
    }
  }

  /** One who fails to take his answer keeps others from none. */
  private void tell(Consumer<RemoteQuotas> sink, RemoteQuotas answer) {
    try {
      sink.accept(answer);
    } catch (RuntimeException | Error e) {
      log.warning().accept("an NFS server's answer could not be taken: " + e);
    }
  }

  /** The servers that were asked so far. Never waits. */
  public List<ServerStatus> servers() {
    Inquiries all = inquiries;
    return all == null ? List.of() : all.status();
  }

  /** Ends the thread. Who waits for an answer gets none any more. */
  @Override
  public synchronized void close() throws IOException {
    if (loop != null) {
      loop.close();
    }
  }

  private synchronized Loop running() throws IOException {
    if (loop == null) {
      loop = Loop.start(log.warning(), factory);
      inquiries = new Inquiries(settings, loop, mapperPort, log);
    }
    return loop;
  }

  /** One after the other: what the first teaches of the server spares the second its questions. */
  private void askUser(
      Inquiries all,
      Export export,
      long uid,
      long gid,
      long deadline,
      Consumer<RemoteQuotas> sink) {
    Credentials credentials = credentials(uid, gid);
    Question user = new Question(export, QuotaType.USER, uid, credentials);
    Question group = new Question(export, QuotaType.GROUP, gid, credentials);
    all.ask(
        user,
        deadline,
        first -> {
          if (first instanceof Outcome.Unknown unknown) {
            sink.accept(unknown(uid, gid, unknown));
          } else {
            all.ask(group, deadline, second -> sink.accept(both(first, second, uid, gid)));
          }
        });
  }

  private Credentials credentials(long uid, long gid) {
    return settings
        .identity()
        .map(who -> new Credentials(machine, who.uid(), who.gid()))
        .orElseGet(() -> new Credentials(machine, uid, gid));
  }

  private static RemoteQuotas both(Outcome user, Outcome group, long uid, long gid) {
    return new RemoteQuotas(
        List.of(quota(user, QuotaType.USER, uid), quota(group, QuotaType.GROUP, gid)),
        trouble(group));
  }

  private static RemoteQuotas one(Question question, Outcome outcome) {
    return new RemoteQuotas(
        List.of(quota(outcome, question.type(), question.id())), trouble(outcome));
  }

  private static RemoteQuotas unknown(long uid, long gid, Outcome.Unknown why) {
    return both(why, why, uid, gid);
  }

  private static Quota quota(Outcome outcome, QuotaType type, long id) {
    return outcome instanceof Outcome.Told told
        ? told.quota()
        : Quota.failed(type, id, ((Outcome.Unknown) outcome).errno());
  }

  private static Optional<RemoteQuotas.Trouble> trouble(Outcome outcome) {
    return outcome instanceof Outcome.Unknown unknown
        ? Optional.of(new RemoteQuotas.Trouble(unknown.reason(), unknown.isOverload()))
        : Optional.empty();
  }

  /** Not by a name service. */
  private static String hostName() {
    try {
      String name = Files.readString(HOST_NAME, StandardCharsets.ISO_8859_1).strip();
      return name.substring(0, Math.min(name.length(), Credentials.LONGEST_NAME));
    } catch (IOException e) {
      return "localhost";
    }
  }
}
