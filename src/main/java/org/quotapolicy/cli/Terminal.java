// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What standard output can show.
 *
 * @param isTerminal whether a person looks at it
 * @param full the character of a used cell of a bar
 * @param free the character of a free cell of a bar
 */
record Terminal(boolean isTerminal, char full, char free) {

  static Terminal ofStandardOutput() {
    return in(charset(System::getProperty), leadsToOne());
  }

  /** One that shows what these characters can. */
  static Terminal in(Charset charset, boolean isTerminal) {
    boolean unicode = charset.canEncode() && charset.newEncoder().canEncode('\u2588');
    return new Terminal(isTerminal, unicode ? '\u2588' : '#', unicode ? '\u2591' : '-');
  }

  /**
   * The characters of standard output. The default is asked last: since Java 18 it is UTF-8
   * whatever the locale (JEP 400), and stdout.encoding is there only since Java 19.
   */
  static Charset charset(Function<String, @Nullable String> properties) {
    for (String property : List.of("stdout.encoding", "native.encoding")) {
      Optional<Charset> charset = named(properties.apply(property));
      if (charset.isPresent()) {
        return charset.get();
      }
    }
    return Charset.defaultCharset();
  }

  private static Optional<Charset> named(@Nullable String name) {
    try {
      return name == null ? Optional.empty() : Optional.of(Charset.forName(name));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  /** System.console() would also want standard input to be one. */
  private static boolean leadsToOne() {
    try {
      Path output = Files.readSymbolicLink(Path.of("/proc/self/fd/1"));
      return output.startsWith("/dev/pts") || output.toString().matches("/dev/(tty|console).*");
    } catch (IOException e) {
      return false;
    }
  }
}
