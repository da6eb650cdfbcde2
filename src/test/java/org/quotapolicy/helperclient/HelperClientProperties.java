// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.LookupResult.CouldNotTell;
import org.quotapolicy.verdict.LookupResult.Found;
import org.quotapolicy.wire.ToHelper;
import org.quotapolicy.wire.ToHelper.Lookup;

/** Helpers that misbehave at random moments, asked by several threads. */
@Timeout(60)
class HelperClientProperties {
  private static final int ASKERS = 4;
  private static final int ASKS = 300;
  private static final Duration SHORT = Duration.ofMillis(40);

  private final long seed = Long.getLong("seed", System.nanoTime());

  HelperClientProperties() {
    System.out.println("HelperClientProperties: seed " + seed);
  }

  /** Every ask gets one result, and if that is an answer, it is the right one. */
  @RepeatedTest(3)
  void randomHelpers_neverGiveAWrongAnswer() throws Exception {
    FakeStarter starter = FakeStarter.sudo(this::misbehave);
    try (Client client = new Client(starter, Client.settings(SHORT))) {
      List<CompletableFuture<Integer>> askers = new ArrayList<>();
      for (int i = 0; i < ASKERS; i++) {
        int asker = i;
        askers.add(CompletableFuture.supplyAsync(() -> askAll(client, asker)));
      }
      int answered = 0;
      for (CompletableFuture<Integer> asker : askers) {
        answered += asker.get();
      }
      assertTrue(answered > 0, "seed " + seed);
      assertTrue(starter.starts() > 1, "seed " + seed);
    }
  }

  private int askAll(Client client, int asker) {
    SplittableRandom random = new SplittableRandom(seed + asker);
    List<CompletableFuture<LookupResult>> results = new ArrayList<>();
    for (int i = 0; i < ASKS; i++) {
      results.add(client.ask("u" + (asker * ASKS + i), SHORT.multipliedBy(random.nextInt(4))));
      pause(random.nextInt(500));
    }
    int answered = 0;
    for (int i = 0; i < ASKS; i++) {
      answered += check(results.get(i).join(), asker * ASKS + i);
    }
    return answered;
  }

  private int check(LookupResult result, int uid) {
    if (result instanceof CouldNotTell) {
      return 0;
    }
    assertEquals(new Found(FakeHelper.user(uid)), result, "seed " + seed);
    return 1;
  }

  private void misbehave(FakeHelper helper) throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(seed ^ System.identityHashCode(helper));
    List<ToHelper> kept = new ArrayList<>();
    helper.hello();
    for (ToHelper packet = helper.next(); packet != null; packet = helper.next()) {
      switch (random.nextInt(200)) {
        case 0 -> {
          return;
        }
        case 1 -> helper.babble((byte) 'A', (byte) random.nextInt(256));
        case 2 -> TimeUnit.MILLISECONDS.sleep(3 * SHORT.toMillis());
        case 3, 4, 5, 6, 7, 8, 9 -> keep(packet, kept);
        case 10, 11, 12, 13 -> {
          helper.answer(packet);
          helper.answer(packet);
        }
        case 14, 15, 16 -> answerAll(helper, kept);
        default -> helper.answer(packet);
      }
    }
  }

  private static void keep(ToHelper packet, List<ToHelper> kept) {
    if (packet instanceof Lookup) {
      kept.add(packet);
    }
  }

  private static void answerAll(FakeHelper helper, List<ToHelper> kept) throws IOException {
    for (ToHelper packet : kept) {
      helper.answer(packet);
    }
    kept.clear();
  }

  private static void pause(int microseconds) {
    try {
      TimeUnit.MICROSECONDS.sleep(microseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
