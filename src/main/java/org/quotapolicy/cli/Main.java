// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The command line: {@code quotapolicy daemon}, {@code check} and {@code report}.
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
  @Spec private CommandSpec spec;

  /** Runs the command line and ends with its status. */
  public static void main(String[] args) {
    try {
      System.exit(commandLine().execute(args));
    } catch (LinkageError | VirtualMachineError e) {
      System.err.println("quotapolicy: fatal: " + e);
      // A status of check or report must not say more than is known.
      boolean tells = args.length > 0 && List.of("check", "report").contains(args[0]);
      System.exit(tells ? ExitStatus.COULD_NOT_TELL : ExitStatus.FAILURE);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .addSubcommand(DaemonCommand.commandLine())
        .addSubcommand(new CheckCommand())
        .addSubcommand(new ReportCommand())
        .setExpandAtFiles(false) // a recipient may begin with "@"
        .setParameterExceptionHandler(Main::complain)
        .setExecutionExceptionHandler(Main::fail);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: daemon, check or report");
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
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"quotapolicy " + (version == null ? "(not packaged)" : version)};
    }
  }
}
