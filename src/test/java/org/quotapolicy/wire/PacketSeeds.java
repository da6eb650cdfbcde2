// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Writes one of each packet that {@link PacketsTest} knows into a directory, each into a file of
 * its own: where the fuzz targets of both ends begin. They are made anew for each run, so that a
 * new version of the packets leaves no old seeds behind.
 */
public final class PacketSeeds {
  private PacketSeeds() {}

  /** Two arguments: the fuzz target, and the directory. */
  public static void main(String[] arguments) throws IOException {
    Stream<Object[]> samples =
        switch (arguments[0]) {
          case "PacketsToHelper" -> PacketsTest.toHelper();
          case "PacketsFromHelper" -> PacketsTest.fromHelper();
          default -> throw new IllegalArgumentException("no packets for " + arguments[0]);
        };
    int number = 0;
    for (Object[] sample : samples.toList()) {
      byte[] packet = PacketsTest.bytes((String) sample[1]).array();
      Files.write(Path.of(arguments[1], "packet-" + ++number), packet);
    }
  }
}
