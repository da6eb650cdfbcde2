// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.quotapolicy.policy.AliasFile;
import org.quotapolicy.policy.AliasTarget;
import org.quotapolicy.policy.Aliases;
import org.quotapolicy.policy.Exemptions;
import org.quotapolicy.policy.LocalDomains;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.policy.Recipients;
import org.quotapolicy.policy.Targets;

/**
 * Alias files, with loops and nonsense: each recipient means a few users, or somebody elsewhere.
 */
public final class AliasTexts {
  private static final LocalDomains DOMAINS = LocalDomains.of(List.of("example.org", ".lists.org"));

  private AliasTexts() {}

  /** Three files, NUL between them: aliases(5), virtual(5), an included one. */
  public static void fuzzerTestOneInput(byte[] data) {
    String[] texts = new String(data, StandardCharsets.ISO_8859_1).split("\0", 4);
    AliasFile local = AliasFile.ofAliases(texts[0]);
    AliasFile virtual = AliasFile.ofVirtual(texts.length > 1 ? texts[1] : "");
    List<AliasTarget> included = AliasFile.ofInclude(texts.length > 2 ? texts[2] : "");
    Aliases aliases =
        new Aliases(local.entries(), virtual.entries(), Map.of("/etc/mail/list", included));
    Recipients recipients =
        new Recipients(new RecipientDelimiter("+"), DOMAINS, Exemptions.NONE, aliases);
    local.entries().keySet().forEach(name -> check(recipients, name + "@example.org"));
    virtual.entries().keySet().forEach(address -> check(recipients, address));
    check(recipients, texts[texts.length - 1]);
  }

  private static void check(Recipients recipients, String recipient) {
    if (recipients.of(recipient) instanceof Targets.Users users) {
      Must.hold(!users.users().isEmpty(), "users are some");
      Must.hold(
          users.users().stream()
              .noneMatch(user -> user.name().isEmpty() || user.name().indexOf('\0') >= 0),
          "users have names");
    }
  }
}
