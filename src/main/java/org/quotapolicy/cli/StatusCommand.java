// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.config.DaemonOptions;
import org.quotapolicy.config.InvalidConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quotapolicy status}: what the running daemon says of itself. */
@Command(
    name = "status",
    description = "Shows what the running daemon has done, asking its control socket.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeOnExecutionException = ExitStatus.COULD_NOT_TELL,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:shown", "2:usage error", "4:no answer; the reason is printed"})
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "print one JSON object (docs/operations.md)")
  private boolean json;

  @Option(names = "--openmetrics", description = "print OpenMetrics text, for Prometheus")
  private boolean openmetrics;

  @Option(
      names = "--control-socket",
      paramLabel = "FILE",
      description = "the daemon's control socket (what the configuration file says)")
  private @Nullable Path socket;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "configuration file (/etc/quotapolicy/quotapolicy.conf if there is one)")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    Path path = socket != null ? socket : configured();
    try {
      String report =
          ControlQuestion.ask(path, openmetrics ? StatusReports.OPENMETRICS : StatusReports.JSON);
      print(report);
      return ExitStatus.OK;
    } catch (ConnectException e) {
      throw new IOException(path + ": no daemon is listening there", e);
    } catch (IOException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private Path configured() throws IOException {
    try {
      DaemonSource source = DaemonSource.of(List.of(), file);
      return DaemonOptions.toConfig(source.read())
          .control()
          .orElseThrow(() -> new IOException("control-socket is set to none"));
    } catch (InvalidConfigException e) {
      throw new IOException(e.getMessage() + "; name the socket by --control-socket", e);
    }
  }

  private void print(String report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json || openmetrics) {
      out.print(report);
    } else {
      table(report, out);
    }
    out.flush();
  }

  private static void table(String report, PrintWriter out) throws IOException {
    try {
      new StatusTable(JsonParser.object().from(report), out).print();
    } catch (JsonParserException e) {
      throw new IOException("what answers is not a quotapolicy daemon: " + e.getMessage(), e);
    }
  }
}
