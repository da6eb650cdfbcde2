// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.quotapolicy.policy.ActionTemplate;
import org.quotapolicy.policy.Answers;
import org.quotapolicy.policy.DomainList;
import org.quotapolicy.policy.InvalidActionException;
import org.quotapolicy.policy.InvalidMailboxException;
import org.quotapolicy.policy.MailboxTemplate;
import org.quotapolicy.policy.RecipientDelimiter;
import org.quotapolicy.policy.Storage;

/** Makes a configuration of settings, and checks all of them before it complains. */
public final class DaemonOptions {
  /** Most seconds of a request: less than the 100 s after which Postfix gives up by itself. */
  static final int MAX_TIMEOUT = 90;

  static final int MAX_CONNECTIONS = 100_000;

  /** As many digits as a number here can have. */
  static final int MAX_RESERVE = 999_999_999;

  /** Each can cost a question to the helper. */
  static final int MAX_MAILBOXES = 16;

  /** A few seconds are meant: a refusal may rest on it. */
  static final int MAX_NFS_CACHE = 60;

  /** Stands for every filesystem that has quotas. */
  private static final String ALL = "all";

  private static final Pattern IDS = Pattern.compile("([0-9]{1,10}):([0-9]{1,10})");
  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

  private final Settings settings;
  private final List<String> problems = new ArrayList<>();
  private Duration timeout = Duration.ZERO;

  /** The value of a setting, word by word where it is a list. */
  private record Word(String text, Given given) {}

  private DaemonOptions(Settings settings) {
    this.settings = settings;
    problems.addAll(settings.problems());
  }

  /**
   * The configuration that settings mean.
   *
   * @throws InvalidConfigException with all that is wrong with them
   */
  public static DaemonConfig toConfig(Settings settings) throws InvalidConfigException {
    return new DaemonOptions(settings).toConfig();
  }

  private DaemonConfig toConfig() throws InvalidConfigException {
    Path home = absolute(settings.one(Setting.HOMEDIR));
    DaemonConfig config =
        new DaemonConfig(
            within(home, Setting.SOCKETFILE),
            within(home, Setting.PIDFILE),
            recipients(),
            answers(),
            storage(),
            number(Setting.RESERVE, 0, MAX_RESERVE),
            name(settings.one(Setting.USER)),
            mode(),
            group(Setting.SOCKET_GROUP),
            tcp(),
            control(home),
            group(Setting.ADMIN_GROUP),
            timeout(),
            nfs(),
            helperStart(),
            absolute(settings.one(Setting.SUDOPATH)),
            number(Setting.MAX_CONNECTIONS, 1, MAX_CONNECTIONS));
    if (config.socket().equals(config.pidFile())) {
      problem(settings.one(Setting.PIDFILE), "is the same file as the socket");
    }
    Optional<Path> control = config.control();
    if (control.equals(Optional.of(config.socket()))
        || control.equals(Optional.of(config.pidFile()))) {
      problem(settings.one(Setting.CONTROL_SOCKET), "is the same file as the socket or pid file");
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return config;
  }

  private Path absolute(Given given) {
    Path path = path(given);
    if (!path.isAbsolute()) {
      problem(given, "must be an absolute path");
    }
    return path;
  }

  /** Relative names are relative to the homedir, absolute ones are allowed. */
  private Path within(Path home, Setting setting) {
    Given given = settings.one(setting);
    Path path = path(given);
    if (path.getFileName() == null || given.value().endsWith("/")) {
      problem(given, "must name a file");
    }
    return home.resolve(path).normalize();
  }

  private Path path(Given given) {
    try {
      if (!given.value().isEmpty()) {
        return Path.of(given.value());
      }
      problem(given, "must not be empty");
    } catch (InvalidPathException e) {
      problem(given, "is not a path: " + e.getReason());
    }
    return Path.of("/invalid-" + given.setting().key());
  }

  private RecipientConfig recipients() {
    List<String> exempt = new ArrayList<>(names(Setting.NEVER_REFUSE));
    List<String> groups = new ArrayList<>();
    words(Setting.EXEMPT).forEach(word -> addExempt(word, exempt, groups));
    return new RecipientConfig(
        delimiter(),
        domains(),
        files(Setting.ALIASES),
        files(Setting.VIRTUAL_ALIASES),
        exempt,
        groups);
  }

  private RecipientDelimiter delimiter() {
    Given given = settings.one(Setting.RECIPIENT_DELIMITER);
    check(given, given.value(), c -> c > ' ' && c < 0x7F && c != '@');
    return new RecipientDelimiter(given.value());
  }

  private List<String> domains() {
    List<Word> words = words(Setting.DOMAIN);
    for (Word word : words) {
      DomainList list = DomainList.parse(word.text());
      if (!list.notUnderstood().isEmpty()) {
        problem(word.given(), "\"" + word.text() + "\" is neither a domain nor a /file of domains");
      }
    }
    if (words.isEmpty() && settings.isGiven(Setting.DOMAIN)) {
      problem(settings.one(Setting.DOMAIN), "names no domain; leave it out for all domains");
    }
    return words.stream().map(word -> bytes(word.text())).toList();
  }

  private List<Path> files(Setting setting) {
    return settings.isGiven(setting)
        ? settings.all(setting).stream().map(this::absolute).toList()
        : List.of();
  }

  private List<String> names(Setting setting) {
    return words(setting).stream().map(word -> accountName(word, word.text())).toList();
  }

  private void addExempt(Word word, List<String> exempt, List<String> groups) {
    String text = word.text();
    if (text.startsWith("%")) {
      groups.add(accountName(word, text.substring(1)));
    } else if (text.indexOf('@') < 0) {
      exempt.add(accountName(word, text));
    } else {
      if (text.endsWith("@")) {
        problem(word.given(), "\"" + text + "\" has no domain");
      }
      exempt.add(bytes(text));
    }
  }

  private List<Word> words(Setting setting) {
    return settings.all(setting).stream().flatMap(DaemonOptions::words).toList();
  }

  private static Stream<Word> words(Given given) {
    return SEPARATOR
        .splitAsStream(given.value())
        .filter(word -> !word.isEmpty())
        .map(word -> new Word(word, given));
  }

  private Answers answers() {
    ActionTemplate overQuota = action(Setting.OVER_QUOTA);
    return new Answers(
        overQuota,
        actionOr(overQuota, Setting.OVER_INODE_QUOTA),
        actionOr(overQuota, Setting.TOO_LARGE),
        action(Setting.ON_ERROR),
        flag(Setting.DRY_RUN),
        flag(Setting.DEBUG));
  }

  private Storage storage() {
    List<Given> given = settings.all(Setting.MAILBOX);
    Optional<String> charge =
        settings.isGiven(Setting.CHARGE)
            ? Optional.of(name(settings.one(Setting.CHARGE)))
            : Optional.empty();
    boolean isAll = given.stream().anyMatch(mailbox -> mailbox.value().equals(ALL));
    if (isAll && given.size() > 1) {
      problem(settings.one(Setting.MAILBOX), "all must be the only mailbox");
    }
    if (given.size() > MAX_MAILBOXES) {
      problem(settings.one(Setting.MAILBOX), "is one of more than " + MAX_MAILBOXES);
    }
    return new Storage(isAll ? List.of() : given.stream().map(this::mailbox).toList(), charge);
  }

  private MailboxTemplate mailbox(Given given) {
    try {
      return MailboxTemplate.parse(bytes(given.value()));
    } catch (InvalidMailboxException e) {
      problem(given, String.valueOf(e.getMessage()));
      return MailboxTemplate.HOME;
    }
  }

  private Duration timeout() {
    timeout = Duration.ofSeconds(number(Setting.TIMEOUT, 1, MAX_TIMEOUT));
    return timeout;
  }

  private NfsConfig nfs() {
    return new NfsConfig(
        nfsTimeout(),
        Duration.ofSeconds(number(Setting.NFS_CACHE, 0, MAX_NFS_CACHE)),
        settings.isGiven(Setting.RQUOTA_PORT)
            ? OptionalInt.of(number(Setting.RQUOTA_PORT, 1, 0xffff))
            : OptionalInt.empty(),
        identity(settings.one(Setting.NFS_AUTH)));
  }

  /** The helper answers first, and somebody has to write the answer. */
  private Duration nfsTimeout() {
    Duration nfs = Duration.ofSeconds(number(Setting.NFS_TIMEOUT, 1, MAX_TIMEOUT));
    if (!settings.isGiven(Setting.NFS_TIMEOUT)) {
      Duration half = timeout.dividedBy(2);
      return nfs.compareTo(half) < 0 ? nfs : half;
    }
    if (nfs.compareTo(timeout) >= 0) {
      problem(settings.one(Setting.NFS_TIMEOUT), "must be less than the timeout");
    }
    return nfs;
  }

  private Optional<NfsConfig.Identity> identity(Given given) {
    Matcher ids = IDS.matcher(given.value().equals("root") ? "0:0" : given.value());
    if (ids.matches() && isId(ids.group(1)) && isId(ids.group(2))) {
      return Optional.of(
          new NfsConfig.Identity(Long.parseLong(ids.group(1)), Long.parseLong(ids.group(2))));
    }
    if (!given.value().equals("user")) {
      problem(given, "must be user, root or UID:GID");
    }
    return Optional.empty();
  }

  /** 2^32 - 1 is nobody's: chown(2). */
  private static boolean isId(String number) {
    return Long.parseLong(number) < 0xffff_ffffL;
  }

  private ActionTemplate actionOr(ActionTemplate usual, Setting setting) {
    return settings.isGiven(setting) ? action(setting) : usual;
  }

  private ActionTemplate action(Setting setting) {
    Given given = settings.one(setting);
    try {
      return ActionTemplate.parse(given.value());
    } catch (InvalidActionException e) {
      problem(given, String.valueOf(e.getMessage()));
      return ActionTemplate.DUNNO;
    }
  }

  private boolean flag(Setting setting) {
    Given given = settings.one(setting);
    if (!given.value().equals("yes") && !given.value().equals("no")) {
      problem(given, "must be yes or no");
    }
    return given.value().equals("yes");
  }

  private Optional<Path> control(Path home) {
    return settings.one(Setting.CONTROL_SOCKET).value().isEmpty()
        ? Optional.empty()
        : Optional.of(within(home, Setting.CONTROL_SOCKET));
  }

  private Optional<String> group(Setting setting) {
    return settings.isGiven(setting) ? Optional.of(name(settings.one(setting))) : Optional.empty();
  }

  private TcpConfig tcp() {
    List<InetSocketAddress> listen = new ArrayList<>();
    for (Word word : words(Setting.LISTEN)) {
      Addresses.parseListen(word.text())
          .ifPresentOrElse(
              listen::add,
              () -> problem(word.given(), "must be inet:127.0.0.1:PORT, inet:[::1]:PORT or alike"));
    }
    List<Network> peers = new ArrayList<>();
    for (Word word : words(Setting.ALLOW_PEER)) {
      Network.parse(word.text())
          .ifPresentOrElse(
              peers::add,
              () -> problem(word.given(), "must be ADDRESS, or NETWORK/BITS with no bit behind"));
    }
    checkPeers(listen, peers);
    return new TcpConfig(listen, peers);
  }

  private void checkPeers(List<InetSocketAddress> listen, List<Network> peers) {
    if (settings.isGiven(Setting.ALLOW_PEER) && !settings.isGiven(Setting.LISTEN)) {
      problem(
          settings.one(Setting.ALLOW_PEER), "says who may connect to --listen, which is not set");
    }
    if (peers.isEmpty() && !listen.stream().allMatch(at -> at.getAddress().isLoopbackAddress())) {
      problem(
          settings.one(Setting.LISTEN),
          "is not loopback: others could connect; say which may by --allow-peer");
    }
  }

  private String name(Given given) {
    return accountName(new Word(given.value(), given), given.value());
  }

  private String accountName(Word word, String name) {
    if (name.isEmpty()) {
      problem(word.given(), "must not be empty");
    }
    check(word.given(), name, c -> c > ' ' && c != ':' && c != '/');
    return bytes(name);
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private void check(Given given, String text, IntPredicate allowed) {
    text.chars()
        .filter(allowed.negate())
        .findFirst()
        .ifPresent(c -> problem(given, "must not hold the character " + show(c)));
  }

  private static String show(int c) {
    return String.format(Locale.ROOT, "U+%04X", c);
  }

  private int mode() {
    Given given = settings.one(Setting.SOCKET_MODE);
    if (!given.value().matches("0?[0-7]{3}")) {
      problem(given, "must be three octal digits, as 0660");
      return 0;
    }
    return Integer.parseInt(given.value(), 8);
  }

  private int number(Setting setting, int least, int most) {
    Given given = settings.one(setting);
    int number = given.value().matches("[0-9]{1,9}") ? Integer.parseInt(given.value()) : -1;
    if (number < least || number > most) {
      problem(given, "must be a number from " + least + " to " + most);
      return least;
    }
    return number;
  }

  private HelperStart helperStart() {
    Given given = settings.one(Setting.HELPER);
    for (HelperStart start : HelperStart.values()) {
      if (start.name().toLowerCase(Locale.ROOT).equals(given.value())) {
        return start;
      }
    }
    problem(given, "must be direct, sudo or auto");
    return HelperStart.AUTO;
  }

  private void problem(Given given, String text) {
    problems.add(given.problem(text));
  }
}
