// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The command line: {@code quotapolicy daemon}, {@code check}, {@code report}, {@code status} and
 * {@code doctor}.
 *
 * <p>{@code quotapolicy helper} never comes here: bin/quotapolicy starts it without this jar.
 */
@Command(
    name = "quotapolicy",
    description =
        "Refuses mail for Unix users whose disk quota is full, as a Postfix policy service.",
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true)
public final class Main implements Runnable {
  /** In the order in which help lists them. */
  private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("daemon", DaemonCommand::commandLine);
    COMMANDS.put("check", CheckCommand::new);
    COMMANDS.put("report", ReportCommand::new);
    COMMANDS.put("status", StatusCommand::new);
    COMMANDS.put("doctor", DoctorCommand::new);
  }

  @Spec private CommandSpec spec;

  /** Runs the command line and ends with its status. */
  public static void main(String[] args) {
    try {
      System.exit(commandLine(args).execute(args));
    } catch (LinkageError | VirtualMachineError e) {
      System.err.println("quotapolicy: fatal: " + e);
      // The status of another command must not say more than is known.
      boolean isDaemon = args.length > 0 && args[0].equals("daemon");
      System.exit(isDaemon ? ExitStatus.FAILURE : ExitStatus.COULD_NOT_TELL);
    }
  }

  /**
   * With the command that is named first only; with all if none is: to read annotations is dear.
   */
  static CommandLine commandLine(String... args) {
    CommandLine main = new CommandLine(new Main());
    String named = args.length == 0 ? "" : args[0];
    COMMANDS.forEach(
        (name, command) -> {
          if (name.equals(named) || !COMMANDS.containsKey(named)) {
            main.addSubcommand(command.get());
          }
        });
    return main.setExpandAtFiles(false) // a recipient may begin with "@"
        .setParameterExceptionHandler(Main::complain)
        .setExecutionExceptionHandler(Main::fail);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: daemon, check, report, status or doctor");
  }

  /** One line that says what is wrong; the manual is one word away. */
  private static int complain(ParameterException e, String[] args) {
    CommandLine commandLine = e.getCommandLine();
    String command = commandLine.getCommandSpec().qualifiedName();
    commandLine.getErr().println("quotapolicy: fatal: " + e.getMessage());
    commandLine.getErr().println("Try '" + command + " --help'.");
    return ExitStatus.USAGE;
  }

  /** What the system refused is told in a line; a bug with all there is to know about it. */
  private static int fail(Exception e, CommandLine commandLine, ParseResult result) {
    if (e instanceof IOException) {
      commandLine.getErr().println("quotapolicy: fatal: " + e.getMessage());
    } else {
      e.printStackTrace(commandLine.getErr());
    }
    return commandLine.getCommandSpec().exitCodeOnExecutionException();
  }

  /** The version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"quotapolicy " + number()};
    }

    static String number() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }
}
