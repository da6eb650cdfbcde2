// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.Given;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.NfsConfig;
import org.quotapolicy.config.Setting;
import org.quotapolicy.config.Settings;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.Mailbox;
import org.quotapolicy.mailbox.MountKind;
import org.quotapolicy.mailbox.Place;
import org.quotapolicy.rquota.RquotaClient;
import org.quotapolicy.system.Credentials;
import org.quotapolicy.system.NameService;
import org.quotapolicy.verdict.LookupResult;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.wire.Scope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quotapolicy report}: who would be refused mail now, and who is near it. */
@Command(
    name = "report",
    description = "Says who would be refused mail now, and who is near it, on whole filesystems.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeOnExecutionException = ExitStatus.COULD_NOT_TELL,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:nobody would be refused mail",
      "1:somebody would be refused mail",
      "2:usage error",
      "4:nobody that is known of; not everything could be told, what is printed"
    })
final class ReportCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description = "mount points or paths on them (all filesystems with quotas, local or on NFS)")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--above",
      paramLabel = "PERCENT",
      description = "who has used so much of a limit is near it (${DEFAULT-VALUE}); 0 = all")
  private int above = 90;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "size of the message (not declared unless given)")
  private String size = "0";

  @Option(names = "--json", description = "print one JSON object (docs/report-json.md)")
  private boolean json;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "who to become when started as root (${DEFAULT-VALUE})")
  private String become = "quotapolicy";

  @Option(
      names = "--sudopath",
      paramLabel = "FILE",
      description = "sudo, to ask without being root (${DEFAULT-VALUE})")
  private String sudo = "/usr/bin/sudo";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "configuration file of the daemon, for its reserve and how to ask NFS servers; the usual"
              + " one if it may be read")
  private @Nullable Path config;

  @Option(
      names = "--reserve",
      paramLabel = "BYTES",
      description = "room that must stay free beside the message, as for the daemon")
  private @Nullable String reserve;

  /**
   * What is asked.
   *
   * @param need what the message takes in a file of its own
   * @param nfs how servers are asked
   */
  private record Question(Need need, NfsConfig nfs) {}

  private final Instant now = Instant.now();
  private final boolean byRoot = Credentials.isRoot();
  private final ReportSummary total = new ReportSummary();

  @Override
  public Integer call() throws IOException {
    long bytes = MessageSize.parse(size, spec);
    if (above < 0) {
      throw new ParameterException(
          spec.commandLine(), "--above " + above + ": must not be negative");
    }
    paths.forEach(this::requireSound);
    DaemonConfig rules = rules();
    Question question = new Question(Need.ofMessage(bytes).plus(rules.reserve()), rules.nfs());
    try (OwnHelper helper = OwnHelper.start(become, sudo, TIMEOUT, this::warn)) {
      Optional<String> absence = helper.absence(TIMEOUT);
      ReportOutput output = output(bytes, rules.reserve());
      if (absence.isEmpty()) {
        HelperPages pages = new HelperPages(helper.client(), TIMEOUT);
        read(pages, LocalIds::of, question, output);
      } else {
        readWithout(absence.get(), question, output);
      }
      output.finish(total);
      return total.exitStatus();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitStatus.COULD_NOT_TELL;
    }
  }

  private void requireSound(String path) {
    if (path.isEmpty() || path.chars().anyMatch(c -> Character.isISOControl(c) || c == 0xfffd)) {
      throw new ParameterException(
          spec.commandLine(), "PATH must not be empty nor hold control characters");
    }
  }

  private ReportOutput output(long bytes, long reserved) {
    IdNames names = IdNames.ofNameService();
    if (json) {
      return new ReportJson(bytes, reserved, above, now, names, out());
    }
    Terminal terminal = Terminal.ofStandardOutput();
    int columns = Columns.ofStandardOutput(terminal.isTerminal(), System.getenv());
    return new ReportTable(terminal, columns, names, above, now, out());
  }

  /** Whoever may not ask about others sees himself; who was root has none of it. */
  private void readWithout(String absence, Question question, ReportOutput output)
      throws IOException {
    Optional<String> name = NameService.userName(Credentials.userId());
    UserLookup lookup = new UserLookup(become, sudo, TIMEOUT, this::warn);
    if (!byRoot
        && name.isPresent()
        && lookup.visibleToSelf(name.get(), new Scope.All()) instanceof LookupResult.Found self) {
      OwnPages pages = new OwnPages(self.quotas());
      read(pages, pages::ids, question, output);
      problem(output, "everybody but " + name.get(), absence);
    } else {
      problem(output, "everybody", absence);
    }
  }

  private void read(QuotaSource source, NfsPages.Ids ids, Question question, ReportOutput output)
      throws IOException {
    Mailbox mailbox = Mailbox.onThisMachine();
    boolean isWanted = !paths.isEmpty();
    try (RquotaClient client = NfsServers.client(question.nfs(), info -> {}, warning -> {})) {
      NfsPages servers = new NfsPages(client, ids);
      for (Mount mount : isWanted ? named(mailbox, output) : all(mailbox)) {
        boolean isNfs = MountKind.isNfs(mount.type());
        Need there = isNfs ? question.need() : mailbox.needOn(mount, question.need());
        QuotaSource pages = isNfs ? servers : source;
        int blockSize = mailbox.blockSize(mount);
        total.add(
            new Survey(pages, mount, blockSize, there, above / 100.0, now, output).read(isWanted));
      }
    }
  }

  private static List<Mount> all(Mailbox mailbox) throws IOException {
    List<Mount> all = new ArrayList<>(mailbox.filesystems());
    all.addAll(mailbox.nfsFilesystems());
    return all;
  }

  /** What the daemon goes by, but for what is said here. */
  private DaemonConfig rules() {
    List<Given> given =
        reserve == null ? List.of() : List.of(Given.onCommandLine(Setting.RESERVE, reserve));
    Settings settings = DaemonSource.of(given, config).readIfAllowed();
    try {
      return DaemonOptions.toConfig(settings);
    } catch (InvalidConfigException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The filesystems of the paths, each once. */
  private List<Mount> named(Mailbox mailbox, ReportOutput output) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String path : paths) {
      Place place = mailbox.locate(bytes(Path.of(path).toAbsolutePath().toString()));
      Optional<Mount> mount = withQuotas(place);
      if (mount.isPresent()) {
        boolean isNew =
            mounts.stream()
                .noneMatch(
                    m -> m.major() == mount.get().major() && m.minor() == mount.get().minor());
        mounts.addAll(isNew ? List.of(mount.get()) : List.of());
      } else {
        problem(output, bytes(path), why(place));
      }
    }
    return mounts;
  }

  private static Optional<Mount> withQuotas(Place place) {
    if (place instanceof Place.Local local && !MountKind.isStacked(local.mount().type())) {
      return Optional.of(local.mount());
    }
    return place instanceof Place.Network network && MountKind.isNfs(network.mount().type())
        ? Optional.of(network.mount())
        : Optional.empty();
  }

  private static String why(Place place) {
    if (place instanceof Place.Network network) {
      return "is on %s %s, whose quotas cannot be listed"
          .formatted(network.mount().type(), network.mount().source());
    }
    return place instanceof Place.Local local
        ? "is on %s, whose quotas are those of another filesystem".formatted(local.mount().type())
        : place instanceof Place.Hidden hidden ? hidden.reason() : ((Place.Failed) place).reason();
  }

  private void problem(ReportOutput output, String what, String reason) {
    total.addProblem();
    output.problem(what, reason);
  }

  /** Each byte as one char, as paths and names are everywhere here. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private void warn(String text) {
    spec.commandLine().getErr().println("quotapolicy: " + text);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
