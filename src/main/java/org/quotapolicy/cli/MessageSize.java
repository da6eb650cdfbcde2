// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The value of {@code --size}. */
final class MessageSize {
  private MessageSize() {}

  /** In bytes, unsigned 64 bits, as in a request of Postfix. */
  static long parse(String size, CommandSpec command) {
    try {
      return Long.parseUnsignedLong(size);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          command.commandLine(), "--size \"" + size + "\": must be a number of bytes", e);
    }
  }
}
