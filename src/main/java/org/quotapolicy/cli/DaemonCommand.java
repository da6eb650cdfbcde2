// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import picocli.CommandLine.Command;

@Command(name = "daemon")
final class DaemonCommand implements Runnable {
  @Override
  public void run() {}
}
