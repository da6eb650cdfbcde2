// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Requests with the attributes of Postfix 3.7, in its order, as files. */
public final class Transcripts {
  public static final String RCPT = "postfix-3.7-rcpt";
  public static final String DATA_THREE_RECIPIENTS = "postfix-3.7-data-three-recipients";
  public static final String END_OF_MESSAGE = "postfix-3.7-end-of-message";
  public static final String RAW_BYTES = "postfix-3.7-raw-bytes";
  public static final List<String> ALL =
      List.of(RCPT, DATA_THREE_RECIPIENTS, END_OF_MESSAGE, RAW_BYTES);

  private Transcripts() {}

  /** The bytes of one. */
  public static byte[] read(String name) throws IOException {
    try (InputStream in = Transcripts.class.getResourceAsStream(name + ".request")) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
