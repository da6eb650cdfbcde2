// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A daemon that goes by the usual configuration file, which cases replace. */
final class ConfiguredDaemon implements AutoCloseable {
  private static final Path CONFIG = Path.of("/etc/quotapolicy/quotapolicy.conf");

  private final Daemon daemon;

  private ConfiguredDaemon(Daemon daemon) {
    this.daemon = daemon;
  }

  /** Starts it with an empty file. Who is added to /etc/passwd from now on is gone afterwards. */
  static ConfiguredDaemon start() {
    Guest.must("mkdir -p /etc/quotapolicy && cp /etc/passwd /run/passwd.before");
    write("");
    return new ConfiguredDaemon(Daemon.direct("--on-error", Daemon.COULD_NOT_TELL));
  }

  private static void write(String lines) {
    try {
      Files.writeString(CONFIG, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has it go by these lines from now on. */
  void use(String lines) {
    write(lines);
    daemon.reload();
  }

  String log() {
    return daemon.log();
  }

  @Override
  public void close() {
    daemon.close();
    Guest.must("rm -r /etc/quotapolicy && cp /run/passwd.before /etc/passwd");
  }
}
