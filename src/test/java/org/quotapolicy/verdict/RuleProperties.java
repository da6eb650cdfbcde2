// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.Verdict.Refuse;

/** The rule against a second one, written from the kernel's text with numbers that have no end. */
class RuleProperties {
  private static final int CASES = 100_000;
  private static final long NOW = 1_700_000_000;
  private static final List<QuotaState> STATES = List.of(QuotaState.values());
  private static final int[] BLOCK_SIZES = {0, 1, 512, 1024, 4096, 65536, 3000, Integer.MAX_VALUE};
  private static final long[] EDGES = {
    0,
    1,
    2,
    511,
    512,
    4095,
    4096,
    4097,
    8192,
    1L << 31,
    (1L << 32) - 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    -4097,
    -4096,
    -4095,
    -2,
    -1
  };

  @Test
  void decide_randomQuotas_equalsKernelsText() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("RuleProperties: seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < CASES; i++) {
      FilesystemType type = random.nextBoolean() ? FilesystemType.XFS : FilesystemType.GENERIC;
      FilesystemQuotas filesystem = filesystem(random);
      Need need = new Need(number(random), random.nextInt(4));
      int block = BLOCK_SIZES[random.nextInt(BLOCK_SIZES.length)];
      Instant now = Instant.ofEpochSecond(NOW);
      Verdict verdict = Rule.decide(type, filesystem, block, need, now, e -> "E");
      assertEquals(
          oracle(type, filesystem, block, need),
          kind(verdict),
          () -> "seed " + seed + ": " + type + " " + filesystem + " " + block + " " + need);
    }
  }

  private static FilesystemQuotas filesystem(SplittableRandom random) {
    List<Quota> quotas = new ArrayList<>();
    for (QuotaType type : QuotaType.values()) {
      if (random.nextInt(3) > 0) {
        QuotaState state = STATES.get(random.nextInt(STATES.size()));
        quotas.add(new Quota(type, 7, state, 5, resource(random), resource(random)));
      }
    }
    return new FilesystemQuotas(8, 1, quotas);
  }

  private static ResourceQuota resource(SplittableRandom random) {
    long timer =
        switch (random.nextInt(4)) {
          case 0 -> ResourceQuota.NO_GRACE;
          case 1 -> number(random);
          default -> NOW + random.nextInt(-2, 3);
        };
    return new ResourceQuota(number(random), number(random), number(random), timer);
  }

  /** Mostly near an edge, where mistakes are. */
  private static long number(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextLong() >>> random.nextInt(64);
      default -> EDGES[random.nextInt(EDGES.length)] + random.nextInt(-1, 2);
    };
  }

  private static String kind(Verdict verdict) {
    if (verdict instanceof Refuse refuse) {
      return refuse.type() + " " + refuse.resource() + " " + refuse.cause();
    }
    return RuleTest.word(verdict);
  }

  private static String oracle(
      FilesystemType type, FilesystemQuotas filesystem, int blockSize, Need need) {
    BigInteger block = BigInteger.valueOf(blockSize == 0 ? 4096 : blockSize);
    BigInteger bytes = big(need.bytes()).add(block).subtract(BigInteger.ONE).divide(block);
    String worst = "NO_QUOTA";
    for (Quota quota : filesystem.quotas()) {
      switch (quota.state()) {
        case ENFORCED -> {
          String space = edquot(type, quota.space(), bytes.multiply(block), block);
          String inodes = edquot(type, quota.inodes(), big(need.inodes()), BigInteger.ONE);
          if (!space.isEmpty()) {
            return quota.type() + " SPACE " + space;
          }
          if (!inodes.isEmpty()) {
            return quota.type() + " INODES " + inodes;
          }
          worst = worse(worst, hasLimit(quota) ? "ROOM" : "NO_LIMIT");
        }
        case FAILED, UNASKED -> worst = "unknown";
        default -> {}
      }
    }
    return worst;
  }

  private static String edquot(
      FilesystemType type, ResourceQuota numbers, BigInteger need, BigInteger unit) {
    BigInteger total = big(numbers.usage()).add(need);
    boolean overHard = numbers.hardLimit() != 0 && total.compareTo(big(numbers.hardLimit())) > 0;
    boolean overSoft = numbers.softLimit() != 0 && total.compareTo(big(numbers.softLimit())) > 0;
    int late = type == FilesystemType.XFS ? 1 : 0;
    BigInteger firstRefusal =
        BigInteger.valueOf(numbers.graceExpiry()).add(BigInteger.valueOf(late));
    if (need.signum() == 0) {
      return "";
    }
    if (overHard) {
      return "HARD_LIMIT";
    }
    if (numbers.graceExpiry() == ResourceQuota.NO_GRACE) {
      boolean isFirst = need.equals(unit);
      boolean overBefore = total.subtract(unit).compareTo(big(numbers.softLimit())) > 0;
      return overSoft && overBefore && !isFirst ? "GRACE_EXPIRED" : "";
    }
    boolean expired =
        numbers.graceExpiry() != 0 && firstRefusal.compareTo(BigInteger.valueOf(NOW)) <= 0;
    return overSoft && expired ? "GRACE_EXPIRED" : "";
  }

  private static boolean hasLimit(Quota quota) {
    return (quota.space().softLimit()
            | quota.space().hardLimit()
            | quota.inodes().softLimit()
            | quota.inodes().hardLimit())
        != 0;
  }

  private static String worse(String a, String b) {
    List<String> order = List.of("NO_QUOTA", "NO_LIMIT", "ROOM", "unknown");
    return order.indexOf(a) > order.indexOf(b) ? a : b;
  }

  private static BigInteger big(long unsigned) {
    return new BigInteger(Long.toUnsignedString(unsigned));
  }
}
