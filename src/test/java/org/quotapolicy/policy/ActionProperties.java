// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ActionProperties {
  private static final Pattern SAFE =
      Pattern.compile(
          "action=(DUNNO|(DEFER_IF_PERMIT|DEFER_IF_REJECT|DEFER|REJECT|[45][0-5]\\d)"
              + " [^\\p{Cntrl}]+)\n\n");

  private static final List<String> PIECES =
      List.of(
          "DUNNO",
          "OK",
          "REJECT",
          "defer",
          "DEFER_IF_PERMIT",
          "450",
          "550",
          "421",
          "7",
          " ",
          " ",
          " ",
          "\t",
          "\n",
          "\r",
          "\0",
          "4.2.2",
          "5.2.2",
          "x",
          "\u00e4",
          "\u20ac",
          "\ud83d",
          "\udce6",
          "\u0085",
          "\u2028",
          "action=",
          "full ");

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  private String text() {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(random.nextInt(20) == 0 ? 400 : 8);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  @Test
  void anyText_isInvalidOrSafe() throws Exception {
    int valid = 0;
    for (int i = 0; i < 30_000; i++) {
      String text = text();
      try {
        assertSafe(Action.parse(text));
        valid++;
      } catch (InvalidActionException e) {
        assertTrue(String.valueOf(e.getMessage()).indexOf('\n') < 0, () -> "seed " + seed);
      }
    }
    assertTrue(valid > 300, "too few valid actions: " + valid + ", seed " + seed);
  }

  private void assertSafe(Action action) throws Exception {
    ByteBuffer reply = action.reply();
    assertTrue(reply.remaining() <= "action=\n\n".length() + Action.MAX_BYTES, "seed " + seed);
    String sent = StandardCharsets.UTF_8.newDecoder().decode(reply).toString();
    assertTrue(SAFE.matcher(sent).matches(), () -> "seed " + seed + ": " + sent);
    assertEquals(action, Action.parse(action.toString()), () -> "seed " + seed);
  }
}
