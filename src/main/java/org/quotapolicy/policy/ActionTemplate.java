// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An action whose text may name the recipient.
 *
 * <p>{@code %r} stands for the recipient, {@code %d} for its domain, {@code %%} for a percent sign.
 * Their values are cleaned: printable ASCII without spaces, anything else {@code ?}, bounded, never
 * empty. They stand neither in the keyword nor where Postfix looks for an enhanced status code, so
 * that no recipient can change what kind of action it is.
 */
public final class ActionTemplate {
  /** The mailbox is full for now: the word for {@link Action#DEFAULT_OVER_QUOTA}. */
  static final String TEMPORARY = "temporary";

  /** The mailbox is full and the sender need not try again. */
  static final String PERMANENT = "permanent";

  static final String PERMANENT_ACTION = "552 5.2.2 Mailbox is full";

  /** Most bytes of a value. Longer addresses exist and are cut (RFC 5321, 4.5.3.1.3: 256). */
  static final int MAX_VALUE = 200;

  /** No opinion. */
  public static final ActionTemplate DUNNO = new ActionTemplate("DUNNO", Action.DUNNO);

  private final String text;
  private final boolean variable;
  private final Action sample;

  private ActionTemplate(String text, Action sample) {
    this.text = text;
    this.variable = !fill(text, "a", "b").equals(fill(text, "c", "d"));
    this.sample = sample;
  }

  /**
   * Makes a template of a configured text, or of the word {@code temporary} or {@code permanent}.
   *
   * @throws InvalidActionException if what it makes is not an action that may be sent
   */
  public static ActionTemplate parse(String given) throws InvalidActionException {
    String text =
        switch (given) {
          case TEMPORARY -> Action.DEFAULT_OVER_QUOTA.toString();
          case PERMANENT -> PERMANENT_ACTION;
          default -> given;
        };
    checkPlaceholders(text);
    return new ActionTemplate(text, Action.parse(fill(text, "recipient", "domain")));
  }

  private static void checkPlaceholders(String text) throws InvalidActionException {
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 2)) {
      char placeholder = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
      if ("rd%".indexOf(placeholder) < 0) {
        throw new InvalidActionException(
            "after % must stand r (recipient), d (its domain) or % (a percent sign)");
      }
      if (words(text, i) < 2) {
        throw new InvalidActionException(
            "%" + placeholder + " must not stand before the second word of the text");
      }
    }
  }

  /** How many words end before a position. */
  private static int words(String text, int end) {
    int words = 0;
    for (int i = 1; i < end; i++) {
      words += isSpace(text.charAt(i)) && !isSpace(text.charAt(i - 1)) ? 1 : 0;
    }
    return words;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  /** The action for a recipient, each byte of it as one char. */
  public Action actionFor(String recipient) {
    if (!variable) {
      return sample;
    }
    try {
      String domain = Address.of(recipient).domain();
      return Action.parse(fill(text, clean(recipient), clean(domain)));
    } catch (InvalidActionException e) {
      // No recipient is known to lead here: what is configured is sent in any case.
      return sample;
    }
  }

  private static String fill(String text, String recipient, String domain) {
    StringBuilder filled = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        filled.append(c);
      } else {
        char placeholder = text.charAt(++i);
        filled.append(placeholder == 'r' ? recipient : placeholder == 'd' ? domain : "%");
      }
    }
    return filled.toString();
  }

  private static String clean(String value) {
    if (value.isEmpty()) {
      return "?";
    }
    StringBuilder clean = new StringBuilder();
    for (int i = 0; i < Math.min(value.length(), MAX_VALUE); i++) {
      char c = value.charAt(i);
      clean.append(c > ' ' && c <= '~' ? c : '?');
    }
    return clean.append(value.length() > MAX_VALUE ? "..." : "").toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ActionTemplate template && text.equals(template.text);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(text);
  }

  /** The template as it was configured. */
  @Override
  public String toString() {
    return text;
  }
}
