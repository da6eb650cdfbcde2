// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.Set;

/**
 * One access policy request, as far as decision and log need it.
 *
 * <p>Texts carry each byte as one char (ISO 8859-1) and are empty if the attribute was absent.
 * Source: Postfix SMTPD_POLICY_README, "Protocol description".
 *
 * @param protocolState {@code RCPT}, {@code DATA}, {@code END-OF-MESSAGE}, ...
 * @param recipient in the internal form, before any rewriting; empty unless it is the only one
 * @param size message size in bytes, unsigned, 0 = undeclared
 * @param instance the same for all requests about one message delivery
 * @param queueId queue ID, empty before the first recipient is accepted
 * @param sender in the internal form, cut to the parser's bound
 * @param flaws what is wrong with it
 */
public record AccessPolicyRequest(
    String protocolState,
    String recipient,
    long size,
    String instance,
    String queueId,
    String sender,
    Set<Flaw> flaws) {

  /** What can be wrong with a request that still has to be answered. */
  public enum Flaw {
    /** The {@code request} attribute is not {@code smtpd_access_policy}. */
    OTHER_REQUEST("not a request for an access policy", false),
    /** The recipient is longer than any address, so it was not kept. */
    RECIPIENT_TOO_LONG("recipient too long", false),
    /** The size is not an unsigned 64-bit number; it is taken as undeclared. */
    SIZE_UNREADABLE("size is not a number", true);

    private final String description;
    private final boolean harmless;

    Flaw(String description, boolean harmless) {
      this.description = description;
      this.harmless = harmless;
    }

    /** A few words for the log. */
    public String description() {
      return description;
    }
  }

  public AccessPolicyRequest {
    flaws = flaws.isEmpty() ? Set.of() : Set.copyOf(flaws); // a copy of none is not free
  }

  /** Whether a decision can be made from it. If not, the answer is DUNNO. */
  public boolean isUsable() {
    return flaws.isEmpty() || flaws.stream().allMatch(flaw -> flaw.harmless);
  }
}
