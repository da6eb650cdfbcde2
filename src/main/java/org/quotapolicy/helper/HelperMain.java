// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.PacketSocket;
import org.quotapolicy.kernel.Privileges;
import org.quotapolicy.quota.Project;
import org.quotapolicy.wire.Scope;

/**
 * Starts the helper: {@code quotapolicy helper}, started by the daemon and by nobody else.
 *
 * <p>It must have been given its capability and no_new_privs before its JVM started; it checks that
 * and takes nothing itself. Exit status: 0 when the daemon is gone, 64 for arguments, 70 for a bug,
 * 71 when the system refuses it something it needs, 76 when the daemon sent something that is no
 * packet (EX_USAGE, EX_SOFTWARE, EX_OSERR, EX_PROTOCOL of sysexits.h). SIGTERM, SIGINT and SIGHUP
 * do not end it: the launcher has it ignore them.
 */
public final class HelperMain {
  private static final int EX_USAGE = 64;
  private static final int EX_OSERR = 71;

  private HelperMain() {}

  /** Runs until the daemon is gone. The one argument is {@code helper}. */
  public static void main(String[] args) throws InterruptedException {
    // Without shutdown hooks: nothing is open that would need one, and other threads may be
    // blocked.
    Runtime.getRuntime().halt(run(args));
  }

  private static int run(String[] args) throws InterruptedException {
    if (args.length != 1 || !args[0].equals("helper")) {
      return fail(EX_USAGE, "takes no arguments");
    }
    try {
      PacketSocket daemon = PacketSocket.standardInput();
      Privileges.requireSysAdminOnly();
      Privileges.forbidDump();
      Lookup lookup = Lookup.open();
      // Loads the name service's modules and most classes; asks no filesystem, which may be frozen.
      lookup.byName("root", new Scope.Device(-1, -1, new Project.Unnamed()));
      return new HelperLoop(daemon, lookup).run();
    } catch (IOException e) {
      return fail(EX_OSERR, e.getMessage());
    }
  }

  private static int fail(int status, @Nullable String message) {
    System.err.println("quotapolicy helper: " + message);
    return status;
  }
}
