// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.quotapolicy.policy.Action;

/**
 * Everything about the daemon that can be set: on the command line as {@code --key}, in the
 * configuration file as {@code key = value}.
 */
public enum Setting {
  HOMEDIR(
      "DIR", "/var/spool/postfix/quotapolicy", Kind.AT_START, "where socket and pid file are", 'H'),
  SOCKETFILE(
      "FILE", "quotapolicy.socket", Kind.AT_START, "policy socket, relative to the homedir", 's'),
  PIDFILE("FILE", "quotapolicy.pid", Kind.AT_START, "pid file, relative to the homedir", 'p'),
  RECIPIENT_DELIMITER(
      "CHARS", "+", Kind.ANY_TIME, "set of characters, as Postfix's recipient_delimiter", 'd'),
  DOMAIN(
      "LIST",
      "",
      Kind.REPEATABLE,
      "domains whose mail goes to Unix users: names, /files of names, postfix for its"
          + " mydestination; all domains if none is given"),
  ALIASES("FILE", "", Kind.REPEATABLE, "alias file, as /etc/aliases"),
  VIRTUAL_ALIASES("FILE", "", Kind.REPEATABLE, "virtual alias file, as /etc/postfix/virtual"),
  NEVER_REFUSE(
      "LIST", "postmaster, abuse", Kind.REPEATABLE, "local parts that are never refused mail"),
  EXEMPT(
      "LIST", "", Kind.REPEATABLE, "who else is never refused: user, %group, user@domain, @domain"),
  OVER_QUOTA(
      "ACTION",
      Action.DEFAULT_OVER_QUOTA.toString(),
      Kind.ANY_TIME,
      "answer for a full user; the words temporary and permanent are ready choices"),
  OVER_INODE_QUOTA(
      "ACTION", "", Kind.ANY_TIME, "answer for a user who has no inode left; as over-quota"),
  TOO_LARGE(
      "ACTION",
      "",
      Kind.ANY_TIME,
      "answer if the message would not fit even an empty mailbox; as over-quota"),
  ON_ERROR("ACTION", Action.DUNNO.toString(), Kind.ANY_TIME, "answer when it could not be told"),
  DRY_RUN("", "no", Kind.FLAG, "log what would be refused, and refuse nothing"),
  MAILBOX(
      "TEMPLATE",
      "%h/",
      Kind.REPEATABLE,
      "where mail is stored: a path with %u user, %h home, %d domain; a Maildir with a slash at its"
          + " end, else an mbox; all for every filesystem with quotas"),
  CHARGE("USER", "", Kind.ANY_TIME, "the account that all mail is stored under"),
  RESERVE("BYTES", "0", Kind.ANY_TIME, "room that must stay free beside the message"),
  TIMEOUT("SECONDS", "5", Kind.AT_START, "every request is answered within it"),
  USER("USER", "quotapolicy", Kind.AT_START, "who to become when started as root"),
  SOCKET_MODE("MODE", "0666", Kind.AT_START, "permissions of the socket"),
  SOCKET_GROUP("GROUP", "", Kind.AT_START, "group of the socket; the user's if none is given"),
  HELPER("HOW", "auto", Kind.AT_START, "how the helper is started: direct, sudo or auto"),
  SUDOPATH("FILE", "/usr/bin/sudo", Kind.AT_START, "sudo"),
  MAX_CONNECTIONS("N", "4096", Kind.AT_START, "at the limit the one idle longest makes room"),
  DEBUG("", "no", Kind.FLAG, "log each decision"),
  QUOTAPATH("FILE", "", Kind.AT_START, "ignored, for old start scripts", 'q');

  /** How a setting is given and when it takes effect. */
  private enum Kind {
    /** One value, which a reload cannot change. */
    AT_START,
    /** One value, which a reload can change. */
    ANY_TIME,
    /** Any number of values. */
    REPEATABLE,
    /** Yes or no. */
    FLAG
  }

  private final String label;
  private final String defaultValue;
  private final Kind kind;
  private final String help;
  private final Optional<Character> letter;

  Setting(String label, String defaultValue, Kind kind, String help) {
    this.label = label;
    this.defaultValue = defaultValue;
    this.kind = kind;
    this.help = help;
    this.letter = Optional.empty();
  }

  Setting(String label, String defaultValue, Kind kind, String help, char letter) {
    this.label = label;
    this.defaultValue = defaultValue;
    this.kind = kind;
    this.help = help;
    this.letter = Optional.of(letter);
  }

  /** The setting of this key, if there is one. */
  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
  }

  /** Its name in the configuration file, and on the command line behind two dashes. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Its letter on the command line. */
  public Optional<Character> letter() {
    return letter;
  }

  /** What stands for its value in a manual; empty for a flag. */
  public String label() {
    return label;
  }

  /** One sentence for a manual, without the default. */
  public String help() {
    return help;
  }

  /** Its value if it is not given; empty for none. */
  public String defaultValue() {
    return defaultValue;
  }

  /** Whether it can be given several times, to add values. */
  public boolean isRepeatable() {
    return kind == Kind.REPEATABLE;
  }

  /** Whether its value is yes or no. */
  public boolean isFlag() {
    return kind == Kind.FLAG;
  }

  /** Whether a running daemon keeps its value. */
  boolean isForStartOnly() {
    return kind == Kind.AT_START;
  }
}
