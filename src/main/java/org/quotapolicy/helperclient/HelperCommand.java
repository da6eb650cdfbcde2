// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.IOException;
import java.util.List;

/** The command that starts the helper: fixed words, no environment. */
public final class HelperCommand implements Starter {
  private final List<String> words;
  private final boolean repeatable;

  private HelperCommand(List<String> words, boolean repeatable) {
    this.words = words;
    this.repeatable = repeatable;
  }

  /**
   * For a daemon that is still root, and soon will not be: it can do so once.
   *
   * @param launcher absolute path of bin/quotapolicy
   */
  public static HelperCommand direct(String launcher) {
    return new HelperCommand(List.of(launcher, "helper"), false);
  }

  /**
   * By sudo(8), which must not ask for a password.
   *
   * <p>In a session of its own: when its child is stopped, sudo stops the whole process group it
   * was started in, which would be the daemon.
   *
   * @param sudo absolute path of sudo
   * @param launcher absolute path of bin/quotapolicy, as the sudoers file has it
   */
  public static HelperCommand sudo(String sudo, String launcher) {
    return new HelperCommand(
        List.of("/usr/bin/setsid", sudo, "-n", "-u", "root", launcher, "helper"), true);
  }

  /** The same, to be tried once only. */
  public HelperCommand once() {
    return new HelperCommand(words, false);
  }

  /** The words of the command. */
  public List<String> words() {
    return words;
  }

  @Override
  public boolean isRepeatable() {
    return repeatable;
  }

  @Override
  public Link start() throws IOException {
    return Link.start(words);
  }
}
