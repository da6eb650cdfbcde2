// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quotapolicy doctor}: says what is wrong on this host, and what to do. */
@Command(
    name = "doctor",
    description = "Looks at Postfix, the daemon and the quotas; says what is wrong and what to do.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeOnExecutionException = ExitStatus.COULD_NOT_TELL,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:no errors; there may be warnings",
      "1:errors",
      "2:usage error",
      "4:could not look; the reason is printed"
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "print one JSON object (docs/operations.md)")
  private boolean json;

  @Option(names = "--all", description = "print what is well, too")
  private boolean all;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "configuration file (/etc/quotapolicy/quotapolicy.conf if there is one)")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    DaemonSource source = DaemonSource.of(List.of(), file);
    List<Advice> advice = new Doctor(source).look();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(advice));
    } else {
      print(advice, out);
    }
    out.flush();
    return count(advice, Advice.Level.ERROR) == 0 ? ExitStatus.OK : ExitStatus.FAILURE;
  }

  private void print(List<Advice> advice, PrintWriter out) {
    advice.stream()
        .filter(one -> all || one.level().compareTo(Advice.Level.WARNING) >= 0)
        .map(Advice::line)
        .distinct()
        .forEach(out::println);
    out.printf(
        "%d errors, %d warnings%n",
        count(advice, Advice.Level.ERROR), count(advice, Advice.Level.WARNING));
  }

  private static long count(List<Advice> advice, Advice.Level level) {
    return advice.stream().filter(one -> one.level() == level).distinct().count();
  }

  private static String json(List<Advice> advice) {
    JsonStringWriter json = JsonWriter.indent("  ").string().object();
    json.value("errors", count(advice, Advice.Level.ERROR));
    json.value("warnings", count(advice, Advice.Level.WARNING)).array("checks");
    advice.stream()
        .distinct()
        .forEach(
            one ->
                json.object()
                    .value("level", one.level().word())
                    .value("key", one.key())
                    .value("what", one.what())
                    .value("remedy", one.remedy())
                    .end());
    return json.end().end().done();
  }
}
