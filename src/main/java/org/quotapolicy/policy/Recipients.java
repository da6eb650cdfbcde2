// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

/**
 * Says which Unix users a recipient means: domains, aliases and exemptions.
 *
 * @param delimiter recipient delimiter
 * @param domains whose mail is delivered to Unix users
 * @param exemptions who is never refused
 * @param aliases what the alias files said last
 */
public record Recipients(
    RecipientDelimiter delimiter, LocalDomains domains, Exemptions exemptions, Aliases aliases) {

  /**
   * Who gets the mail.
   *
   * @param recipient as in an access policy request: internal form, with or without domain
   */
  public Targets of(String recipient) {
    return new Expansion(this).of(Address.of(recipient));
  }
}
