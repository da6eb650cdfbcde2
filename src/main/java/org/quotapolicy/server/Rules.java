// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.util.Optional;
import org.quotapolicy.policy.Aliases;
import org.quotapolicy.policy.Answers;
import org.quotapolicy.policy.Exemptions;
import org.quotapolicy.policy.LocalDomains;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.policy.Recipients;
import org.quotapolicy.policy.Storage;

/**
 * What a check goes by until it gets others.
 *
 * @param aliases files that may change meanwhile
 * @param storage where mail is stored
 * @param reserve bytes that must stay free beside the message
 */
public record Rules(
    RecipientDelimiter delimiter,
    LocalDomains domains,
    Exemptions exemptions,
    AliasFiles aliases,
    Answers answers,
    Storage storage,
    int reserve) {

  /** How recipients are understood now; empty as long as the alias files could not be read. */
  Optional<Recipients> recipients() {
    Optional<Aliases> current = aliases.current();
    return current.isEmpty()
        ? Optional.empty()
        : Optional.of(new Recipients(delimiter, domains, exemptions, current.get()));
  }
}
