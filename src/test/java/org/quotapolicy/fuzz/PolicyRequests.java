// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.ActionTemplate;
import org.quotapolicy.policy.Aliases;
import org.quotapolicy.policy.Exemptions;
import org.quotapolicy.policy.LocalDomains;
import org.quotapolicy.policy.ProtocolViolationException;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.policy.Recipients;
import org.quotapolicy.policy.RequestParser;

/** What a client sends: however it is cut into pieces it means the same, and is bounded. */
public final class PolicyRequests {
  private static final ActionTemplate ANSWER = Templates.of("452 4.2.2 <%r> at %d is full");

  private static final Recipients RECIPIENTS =
      new Recipients(new RecipientDelimiter("+-"), LocalDomains.ALL, Exemptions.NONE, Aliases.NONE);

  private PolicyRequests() {}

  /** One stream of bytes. */
  public static void fuzzerTestOneInput(byte[] data) {
    List<Object> whole = parse(ByteBuffer.wrap(data), Math.max(1, data.length));
    Must.equal(whole, parse(ByteBuffer.wrap(data), 1 + data.length % 64), "in pieces");
    whole.stream()
        .filter(AccessPolicyRequest.class::isInstance)
        .forEach(request -> check((AccessPolicyRequest) request));
  }

  private static List<Object> parse(ByteBuffer stream, int piece) {
    RequestParser parser = new RequestParser();
    List<Object> found = new ArrayList<>();
    try {
      while (stream.hasRemaining()) {
        ByteBuffer next = stream.slice(stream.position(), Math.min(piece, stream.remaining()));
        stream.position(stream.position() + next.remaining());
        while (next.hasRemaining()) {
          parser.parse(next).ifPresent(found::add);
        }
      }
      found.add(parser.isIdle());
    } catch (ProtocolViolationException e) {
      found.add(String.valueOf(e.getMessage()));
    }
    return found;
  }

  private static void check(AccessPolicyRequest request) {
    Must.hold(request.recipient().length() <= RequestParser.MAX_RECIPIENT, "recipient is bounded");
    Must.hold(request.sender().length() <= RequestParser.MAX_OTHER, "sender is bounded");
    Must.hold(RECIPIENTS.of(request.recipient()) != null, "somebody, or nobody");
    byte[] reply = new byte[1_000];
    ByteBuffer bytes = ANSWER.actionFor(request.recipient()).reply();
    int length = bytes.remaining();
    bytes.get(reply, 0, length);
    String text = new String(reply, 0, length, StandardCharsets.ISO_8859_1);
    Must.hold(text.startsWith("action=452 4.2.2 "), "the action is the configured one");
    Must.hold(
        text.indexOf('\n') == length - 2 && text.endsWith("\n\n"), "one line, one empty line");
    Must.hold(
        text.chars().noneMatch(c -> (c < ' ' && c != '\n') || c == 0x7f), "no control character");
    Must.hold(length <= 510 + "action=\n\n".length(), "Postfix does not cut it");
  }
}
