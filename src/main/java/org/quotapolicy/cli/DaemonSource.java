// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.config.ConfigFile;
import org.quotapolicy.config.Given;
import org.quotapolicy.config.Settings;
import org.quotapolicy.server.Denied;
import org.quotapolicy.system.Credentials;

/**
 * Where the daemon's settings come from: its command line, and a file that can be read again.
 *
 * @param commandLine what was given as options
 * @param file the file that was named; the usual one, which may be absent, if none was
 * @param isRoots whether root asked: it takes no settings from what others can write, then or when
 *     it has given root up
 */
record DaemonSource(List<Given> commandLine, Optional<Path> file, boolean isRoots) {
  static final Path USUAL = Path.of("/etc/quotapolicy/quotapolicy.conf");

  private static final int MAX_SIZE = 1 << 20;

  DaemonSource {
    commandLine = List.copyOf(commandLine);
  }

  /** Those of this process. */
  static DaemonSource of(List<Given> commandLine, @Nullable Path file) {
    return new DaemonSource(commandLine, Optional.ofNullable(file), Credentials.isRoot());
  }

  /** The file that is read, if it is there. */
  Path path() {
    return file.orElse(USUAL);
  }

  /** Reads the file and puts the command line over it. */
  Settings read() {
    return new Settings(readFile(), commandLine);
  }

  /** The same, without the usual file where this process may not read it. */
  Settings readIfAllowed() {
    return file.isPresent() || Files.isReadable(USUAL)
        ? read()
        : new Settings(ConfigFile.NONE, commandLine);
  }

  private ConfigFile readFile() {
    Path path = path();
    try {
      return ConfigFile.parse(path.toString(), text(path));
    } catch (NoSuchFileException e) {
      return file.isEmpty() ? ConfigFile.NONE : unreadable(path, "there is no such file");
    } catch (AccessDeniedException e) {
      return unreadable(path, Denied.reason(path));
    } catch (CharacterCodingException e) {
      return unreadable(path, "is not UTF-8");
    } catch (IOException e) {
      return unreadable(path, "cannot be read: " + e.getMessage());
    }
  }

  private String text(Path path) throws IOException {
    // The size of a pipe or device says nothing, and reading it may never end.
    if (Files.size(path) > MAX_SIZE || !Files.isRegularFile(path)) {
      throw new IOException("not a file of at most 1 MiB");
    }
    if (isRoots && !Ownership.isRootsAlone(path)) {
      throw new IOException(
          "root takes no settings from what others can write: chown root and chmod go-w");
    }
    return Files.readString(path, StandardCharsets.UTF_8);
  }

  private static ConfigFile unreadable(Path path, String reason) {
    return ConfigFile.unreadable(path.toString(), reason);
  }
}
