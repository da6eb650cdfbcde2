// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
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
  private static final List<String> COMMANDS =
      List.of("daemon", "check", "report", "status", "doctor");

  @Spec private CommandSpec spec;

  /** Runs the command line and ends with its status. */
  public static void main(String[] args) {
    try {
      Optional<Check> plain = Check.plain(args);
      System.exit(plain.isPresent() ? run(plain.get()) : commandLine(args).execute(args));
    } catch (LinkageError | VirtualMachineError e) {
      System.err.println("quotapolicy: fatal: " + e);
      // The status of another command must not say more than is known.
      boolean isDaemon = args.length > 0 && args[0].equals("daemon");
      System.exit(isDaemon ? ExitStatus.FAILURE : ExitStatus.COULD_NOT_TELL);
    }
  }

  /** As picocli would, in the same characters. */
  private static int run(Check check) {
    Charset charset = Terminal.charset(System::getProperty);
    PrintWriter err = new PrintWriter(System.err, true, charset);
    try {
      return check.run(new PrintWriter(System.out, true, charset), err);
    } catch (IOException | RuntimeException e) {
      tell(e, err);
      return ExitStatus.COULD_NOT_TELL;
    }
  }

  /**
   * With the command that is named first only; with all if none is: to read annotations is dear.
   */
  static CommandLine commandLine(String... args) {
    CommandLine main = new CommandLine(new Main());
    String named = args.length == 0 ? "" : args[0];
    for (String name : COMMANDS.contains(named) ? List.of(named) : COMMANDS) {
      main.addSubcommand(command(name));
    }
    Handlers handlers = new Handlers();
    return main.setExpandAtFiles(false) // a recipient may begin with "@"
        .setParameterExceptionHandler(handlers)
        .setExecutionExceptionHandler(handlers);
  }

  private static Object command(String name) {
    return switch (name) {
      case "daemon" -> DaemonCommand.commandLine();
      case "check" -> new CheckCommand();
      case "report" -> new ReportCommand();
      case "status" -> new StatusCommand();
      case "doctor" -> new DoctorCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: daemon, check, report, status or doctor");
  }

  /** What the system refused is told in a line; a bug with all there is to know about it. */
  private static void tell(Exception e, PrintWriter err) {
    if (e instanceof IOException) {
      err.println("quotapolicy: fatal: " + e.getMessage());
    } else {
      e.printStackTrace(err);
    }
  }

  /**
   * What picocli calls when something went wrong. No lambdas: an archive of classes cannot hold
   * what they make of interfaces as old as picocli's.
   */
  private static final class Handlers
      implements IParameterExceptionHandler, IExecutionExceptionHandler {

    /** One line that says what is wrong; the manual is one word away. */
    @Override
    public int handleParseException(ParameterException e, String[] args) {
      CommandLine commandLine = e.getCommandLine();
      String command = commandLine.getCommandSpec().qualifiedName();
      commandLine.getErr().println("quotapolicy: fatal: " + e.getMessage());
      commandLine.getErr().println("Try '" + command + " --help'.");
      return ExitStatus.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult result) {
      tell(e, commandLine.getErr());
      return commandLine.getCommandSpec().exitCodeOnExecutionException();
    }
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
