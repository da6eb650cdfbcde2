// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

/**
 * A path where mail is stored, with places for whose it is.
 *
 * <p>{@code %u} stands for the user, {@code %h} for his home directory, {@code %d} for the domain
 * of the recipient, {@code %%} for a percent sign. With a slash at its end it is a Maildir, else an
 * mbox, as in Postfix (virtual(8), home_mailbox of postconf(5)).
 *
 * <p>SECURITY: user and domain may come from whoever sends mail. A value that could be more than
 * part of one name is not put in: neither what holds a slash or {@code ..}, nor {@code .} alone. So
 * at least one character of each is not a dot, and no name that it becomes a part of is {@code ..}.
 *
 * @param text each byte as one char (ISO 8859-1)
 */
public record MailboxTemplate(String text) {
  private static final String IN_HOME = "%h";

  /** A Maildir somewhere in the home directory. */
  public static final MailboxTemplate HOME = new MailboxTemplate("%h/");

  /** Where a template leads for one recipient. */
  public sealed interface Expanded {

    /** To this path; each byte as one char. */
    record Path(String path) implements Expanded {}

    /**
     * Nowhere.
     *
     * @param reason one line for the administrator
     */
    record Nowhere(String reason) implements Expanded {}
  }

  /** A value must not stand in a path. */
  private static final class UnfitException extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitException(String message) {
      super(message);
    }
  }

  /**
   * Makes a template of a configured text, each byte as one char.
   *
   * @throws InvalidMailboxException if it does not lead to one place for each user
   */
  public static MailboxTemplate parse(String text) throws InvalidMailboxException {
    if (!text.startsWith("/") && !text.startsWith(IN_HOME)) {
      throw new InvalidMailboxException("must begin with / or " + IN_HOME);
    }
    if (text.indexOf('\0') >= 0) {
      throw new InvalidMailboxException("must not hold a NUL");
    }
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 2)) {
      if (i + 1 == text.length() || "uhd%".indexOf(text.charAt(i + 1)) < 0) {
        throw new InvalidMailboxException(
            "after a percent sign must stand u (user), h (home), d (domain) or another percent sign");
      }
    }
    return new MailboxTemplate(text);
  }

  /** Whether each message is a file of its own there; else all are in one file. */
  public boolean isMaildir() {
    return text.endsWith("/");
  }

  /** Whether it leads into the home directory. */
  public boolean isInHome() {
    return text.startsWith(IN_HOME);
  }

  /** Whether it says the domain of the recipient. */
  public boolean hasDomain() {
    return text.replace("%%", "").contains("%d");
  }

  /**
   * Where it leads.
   *
   * @param user his name
   * @param home his home directory
   * @param domain of the recipient; empty if it has none
   */
  public Expanded expand(String user, String home, String domain) {
    StringBuilder path = new StringBuilder();
    try {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        path.append(c == '%' ? value(text.charAt(++i), user, home, domain) : c);
      }
    } catch (UnfitException e) {
      return new Expanded.Nowhere("mailbox " + text + ": " + e.getMessage());
    }
    return new Expanded.Path(path.toString());
  }

  private static String value(char placeholder, String user, String home, String domain)
      throws UnfitException {
    return switch (placeholder) {
      case 'u' -> name("user", user);
      case 'd' -> name("domain of the recipient", domain);
      case 'h' -> home;
      default -> "%";
    };
  }

  private static String name(String what, String value) throws UnfitException {
    if (value.isEmpty()) {
      throw new UnfitException("the " + what + " is empty");
    }
    boolean isUnfit =
        value.equals(".")
            || value.contains("..")
            || value.chars().anyMatch(c -> c == '/' || c == 0);
    if (isUnfit) {
      throw new UnfitException("the " + what + " cannot be part of a path: <" + value + ">");
    }
    return value;
  }

  /** As it was configured. */
  @Override
  public String toString() {
    return text;
  }
}
