// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.config.DaemonConfig;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.Given;
import org.quotapolicy.config.InvalidConfigException;
import org.quotapolicy.config.Setting;
import org.quotapolicy.config.Settings;
import org.quotapolicy.kernel.Privileges;
import org.quotapolicy.server.Log;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code quotapolicy daemon}: the options; {@link Daemon} does the rest.
 *
 * <p>Each {@link Setting} is an option, so that command line and configuration file know the same.
 */
@Command(
    name = "daemon",
    description = "Answers Postfix on a policy socket. Stays in the foreground.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeOnExecutionException = ExitStatus.FAILURE,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:ended by SIGTERM",
      "1:could not start",
      "2:wrong options or configuration file",
      "75:the helper is lost: start the daemon again"
    })
final class DaemonCommand implements Callable<Integer> {
  private final Log log = Log.toStandardError();
  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "configuration file (/etc/quotapolicy/quotapolicy.conf if there is one)")
  private @Nullable Path file;

  @Option(
      names = "--check-config",
      description = "print the configuration and where each value comes from, and end")
  private boolean checkConfig;

  /** The command with an option for each setting. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new DaemonCommand());
    for (Setting setting : Setting.values()) {
      commandLine.getCommandSpec().addOption(option(setting));
    }
    return commandLine;
  }

  private static OptionSpec option(Setting setting) {
    String[] names =
        Stream.concat(setting.letter().map(c -> "-" + c).stream(), Stream.of(name(setting)))
            .toArray(String[]::new);
    OptionSpec.Builder option =
        OptionSpec.builder(names).description(description(setting).replace("%", "%%"));
    if (setting.isFlag()) {
      return option
          .type(String.class)
          .arity("0..1")
          .fallbackValue("yes")
          .paramLabel("yes|no")
          .build();
    }
    option.arity("1").paramLabel(setting.label());
    return setting.isRepeatable()
        ? option.type(List.class).auxiliaryTypes(String.class).build()
        : option.type(String.class).build();
  }

  private static String name(Setting setting) {
    return "--" + setting.key();
  }

  private static String description(Setting setting) {
    String end = setting.defaultValue().isEmpty() ? "" : " (" + setting.defaultValue() + ")";
    return setting.help() + end;
  }

  @Override
  public Integer call() {
    // A stack trace on System.err could block the thread whose end it tells.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> log.error("thread " + thread.getName() + " ended: " + e));
    try {
      return run(DaemonSource.of(given(), file));
    } catch (InvalidConfigException e) {
      e.problems().forEach(log::fatal);
      return ExitStatus.USAGE;
    } catch (IOException e) {
      log.fatal(String.valueOf(e.getMessage()));
      return ExitStatus.FAILURE;
    } catch (RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(log::fatal);
      return ExitStatus.FAILURE;
    } finally {
      log.flush();
    }
  }

  private int run(DaemonSource source) throws InvalidConfigException, IOException {
    Settings settings = source.read();
    DaemonConfig config = DaemonOptions.toConfig(settings);
    if (checkConfig) {
      settings.show().forEach(spec.commandLine().getOut()::println);
      return ExitStatus.OK;
    }
    if (settings.isGiven(Setting.QUOTAPATH)) {
      log.warning("--quotapath is ignored: the kernel is asked directly, no quota(1) is run");
    }
    ServiceStart service = ServiceStart.of(System.getenv(), Privileges.processId());
    return new Daemon(source, settings, config, service, log).run();
  }

  private List<Given> given() {
    CommandLine.ParseResult line = spec.commandLine().getParseResult();
    List<Given> given = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      if (setting.isRepeatable()) {
        List<String> values = line.matchedOptionValue(name(setting), List.of());
        values.forEach(value -> given.add(Given.onCommandLine(setting, value)));
      } else if (line.hasMatchedOption(name(setting))) {
        String value = line.matchedOptionValue(name(setting), "");
        given.add(Given.onCommandLine(setting, value));
      }
    }
    return given;
  }
}
