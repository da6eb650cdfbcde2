// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RequestParserProperties {
  private static final String ALPHABET = "\n\n\n===reciptszqu_\0\r \u00ff";

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  /** All requests of a stream that comes in pieces, and how it ended. */
  private static List<Object> parse(byte[] stream, SplittableRandom random, int longest) {
    RequestParser parser = new RequestParser();
    List<Object> results = new ArrayList<>();
    int start = 0;
    try {
      while (start < stream.length) {
        int length = Math.min(random.nextInt(1, longest + 1), stream.length - start);
        ByteBuffer piece = ByteBuffer.wrap(stream, start, length);
        start += length;
        parser.parse(piece).ifPresent(results::add);
        while (piece.hasRemaining()) {
          Optional<AccessPolicyRequest> more = parser.parse(piece);
          more.ifPresent(results::add);
        }
      }
      results.add(parser.isIdle());
    } catch (ProtocolViolationException e) {
      results.add(String.valueOf(e.getMessage()));
    }
    return results;
  }

  private byte[] transcripts() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 5; i++) {
      out.write(Transcripts.read(Transcripts.ALL.get(random.nextInt(Transcripts.ALL.size()))));
    }
    return out.toByteArray();
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(2_000)];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
    }
    return noise;
  }

  @Test
  void anySplit_ofTranscripts_givesTheSameRequests() throws IOException {
    for (int i = 0; i < 200; i++) {
      assertSameInPieces(transcripts());
    }
  }

  @Test
  void anySplit_ofDamagedTranscripts_givesTheSameRequests() throws IOException {
    for (int i = 0; i < 200; i++) {
      byte[] stream = transcripts();
      for (int damage = random.nextInt(1, 20); damage > 0; damage--) {
        stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
      }
      assertSameInPieces(stream);
    }
  }

  @Test
  void anySplit_ofNoise_givesTheSameRequests() {
    for (int i = 0; i < 2_000; i++) {
      assertSameInPieces(noise());
    }
  }

  private void assertSameInPieces(byte[] stream) {
    List<Object> whole = parse(stream, random, Integer.MAX_VALUE - 1);
    int longest = 1 << random.nextInt(12);
    assertEquals(whole, parse(stream, random, longest), () -> "seed " + seed);
  }
}
