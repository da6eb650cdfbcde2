// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;

/** Many peers, answers from several threads around the deadline, and peers that go at any time. */
@Timeout(30)
class PolicyServerProperties {
  private static final int PEERS = 12;
  private static final int REQUESTS = 150;
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Path directory;
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  private final ScheduledExecutorService answerers = Executors.newScheduledThreadPool(3);

  PolicyServerProperties(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Answers at once, soon, at about the deadline, twice, or never. */
  private final RequestHandler handler =
      new RequestHandler() {
        @Override
        public void handle(AccessPolicyRequest request, ReplySink reply) {
          Action action = Handlers.echo(request);
          int kind = ThreadLocalRandom.current().nextInt(40);
          if (kind < 10) {
            reply.reply(action);
          } else if (kind < 39) {
            long delay = kind < 36 ? 0 : ThreadLocalRandom.current().nextInt(18_000, 22_000);
            later(delay, () -> answerTwice(reply, action));
          }
        }

        @Override
        public Action onError(AccessPolicyRequest request) {
          return Handlers.ON_ERROR;
        }
      };

  /** The second answer often comes when the next request is under way. */
  private void answerTwice(ReplySink reply, Action action) {
    reply.reply(action);
    later(500, () -> reply.reply(Action.DUNNO));
  }

  private void later(long microseconds, Runnable answer) {
    Future<?> unused = answerers.schedule(answer, microseconds, TimeUnit.MICROSECONDS);
  }

  /** Every complete request gets its own answer or the one on error, whatever happens around. */
  private void talk(TestServer server, String name, SplittableRandom random) throws IOException {
    Client client = server.connect();
    for (int i = 0; i < REQUESTS; i++) {
      String recipient = name + "-" + i;
      switch (random.nextInt(12)) {
        case 0 -> {
          client.send("recipient=gone\n\n".substring(0, random.nextInt(17)));
          client.close();
          client = server.connect();
        }
        case 1 -> {
          client.send("garbage\n");
          assertEquals("end", client.receive());
          client.close();
          client = server.connect();
        }
        case 2 -> {
          client.send("recipient=" + recipient + "\n\nrecipient=" + recipient + "\n\n");
          assertAnswered(recipient, client.receive());
          assertAnswered(recipient, client.receive());
        }
        default -> assertAnswered(recipient, client.ask(recipient));
      }
    }
    client.close();
  }

  private void assertAnswered(String recipient, String answer) {
    Set<String> expected = Set.of("450 <" + recipient + ">", Handlers.ON_ERROR.toString());
    assertTrue(expected.contains(answer), () -> answer + " for " + recipient + ", seed " + seed);
  }

  @ParameterizedTest
  @EnumSource
  void everyRequest_getsItsOwnAnswer(Transport transport) throws Exception {
    Limits limits = new Limits(1_000, Duration.ofMillis(20), LONG, LONG, LONG);
    ExecutorService peers = Executors.newFixedThreadPool(PEERS);
    try (TestServer server = new TestServer(directory, transport, limits, handler)) {
      List<Future<?>> talks = new ArrayList<>();
      for (int i = 0; i < PEERS; i++) {
        String name = "p" + i;
        SplittableRandom own = random.split();
        talks.add(
            peers.submit(
                () -> {
                  talk(server, name, own);
                  return null;
                }));
      }
      for (Future<?> talk : talks) {
        talk.get();
      }
    } finally {
      peers.shutdownNow();
      answerers.shutdownNow();
    }
  }
}
