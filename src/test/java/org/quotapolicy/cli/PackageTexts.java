// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.quotapolicy.config.Setting;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes those files of the packages that say what the program's options are, from the program's
 * own knowledge of them: manual pages, completion for bash, and what else has to be filled in.
 *
 * <p>Run by the build: {@code PackageTexts SETUP TARGET VERSION}.
 */
public final class PackageTexts {
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  /** XFL of RFC 1952: packed as small as can be, which Debian wants to see. */
  private static final int XFL = 8;

  private final Path setup;
  private final Path target;
  private final String version;

  private PackageTexts(Path setup, Path target, String version) {
    this.setup = setup;
    this.target = target;
    this.version = version;
  }

  /** Writes them all. */
  public static void main(String[] arguments) throws IOException {
    Path setup = Path.of(arguments[0]);
    new PackageTexts(setup, Path.of(arguments[1]), arguments[2]).writeAll();
  }

  private void writeAll() throws IOException {
    String manual = fill(read("man/quotapolicy.8"));
    String configManual = fill(read("man/quotapolicy.conf.5"));
    write("man/man8/quotapolicy.8", manual);
    write("man/man5/quotapolicy.conf.5", configManual);
    writePacked("man.gz/man8/quotapolicy.8.gz", manual);
    writePacked("man.gz/man5/quotapolicy.conf.5.gz", configManual);
    writePacked("changelog.gz", read("debian/changelog"));
    write("bash-completion/quotapolicy", completion());
    for (String architecture : ARCHITECTURES) {
      writeControl(architecture);
    }
  }

  private void writeControl(String architecture) throws IOException {
    for (String name : List.of("control", "preinst", "postinst", "prerm", "postrm", "triggers")) {
      String text = fill(read("debian/" + name)).replace("@ARCH@", architecture);
      write("deb-" + architecture + "/" + name, text);
    }
  }

  private String fill(String text) {
    return text.replace("@VERSION@", version)
        .replace("@SYNOPSIS@\n", synopsis())
        .replace("@COMMANDS@\n", commands())
        .replace("@SETTINGS@\n", settings());
  }

  /** Without picocli's preface, which is about installing it by hand. */
  static String completion() {
    return AutoComplete.bash("quotapolicy", Main.commandLine())
        .lines()
        .dropWhile(line -> line.startsWith("#"))
        .collect(Collectors.joining("\n", "# bash completion for quotapolicy(8)\n", "\n"));
  }

  private static Stream<CommandSpec> commandSpecs() {
    return Main.commandLine().getSubcommands().values().stream().map(CommandLine::getCommandSpec);
  }

  static String synopsis() {
    return commandSpecs().map(PackageTexts::synopsis).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String synopsis(CommandSpec command) {
    String parameters =
        command.positionalParameters().stream()
            .map(PackageTexts::parameter)
            .collect(Collectors.joining());
    return "\\fBquotapolicy " + command.name() + "\\fR [\\fIOPTION\\fR...]" + parameters;
  }

  private static String parameter(PositionalParamSpec parameter) {
    String label = "\\fI" + roff(parameter.paramLabel()) + "\\fR";
    return parameter.arity().min() == 0 ? " [" + label + "...]" : " " + label;
  }

  static String commands() {
    return commandSpecs().map(PackageTexts::command).collect(Collectors.joining());
  }

  private static String command(CommandSpec command) {
    return ".SS "
        + command.name()
        + "\n"
        + paragraph(command.usageMessage().description())
        + command.positionalParameters().stream()
            .map(parameter -> entry(italic(parameter.paramLabel()), parameter.description()))
            .collect(Collectors.joining())
        + command.options().stream().map(PackageTexts::option).collect(Collectors.joining())
        + exitStatuses(command);
  }

  private static String option(OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .map(name -> "\\fB" + roff(name) + "\\fR")
            .collect(Collectors.joining(", "));
    boolean hasValue = option.arity().max() > 0 && !option.paramLabel().isEmpty();
    String value = hasValue ? " " + italic(option.paramLabel()) : "";
    return entry(names + value, option.description());
  }

  private static String exitStatuses(CommandSpec command) {
    String list =
        command.usageMessage().exitCodeList().entrySet().stream()
            .map(status -> entry("\\fB" + status.getKey() + "\\fR", status.getValue()))
            .collect(Collectors.joining());
    return list.isEmpty() ? "" : ".PP\nExit status:\n" + list;
  }

  static String settings() {
    return Arrays.stream(Setting.values()).map(PackageTexts::setting).collect(Collectors.joining());
  }

  private static String setting(Setting setting) {
    String label = setting.isFlag() ? "yes|no" : setting.label();
    String usual = setting.defaultValue().isEmpty() ? "none" : setting.defaultValue();
    String when = setting.isForStartOnly() ? ", at start" : "";
    String many = setting.isRepeatable() ? "; may be given several times" : "";
    return entry(
        "\\fB" + roff(setting.key()) + "\\fR = " + italic(label),
        setting.help() + many + " (default: " + usual + when + ")");
  }

  private static String entry(String head, String... text) {
    return ".TP\n" + head + "\n" + paragraph(text);
  }

  private static String italic(String text) {
    return "\\fI" + roff(text) + "\\fR";
  }

  private static String paragraph(String... lines) {
    return roff(String.join(" ", lines).replace("%%", "%").replace("%n", " ")) + "\n";
  }

  /** A text as troff(1) leaves it alone. */
  private static String roff(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
    return escaped.startsWith(".") ? "\\&" + escaped : escaped;
  }

  private String read(String name) throws IOException {
    return Files.readString(setup.resolve(name), StandardCharsets.UTF_8);
  }

  private void write(String name, String text) throws IOException {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = target.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, bytes);
  }

  private void writePacked(String name, String text) throws IOException {
    write(name, packed(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** As gzip -9n. */
  static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new Best(out)) {
      gzip.write(bytes);
    }
    byte[] packed = out.toByteArray();
    packed[XFL] = 2;
    return packed;
  }

  /** Packs as small as can be. */
  private static final class Best extends GZIPOutputStream {
    Best(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
