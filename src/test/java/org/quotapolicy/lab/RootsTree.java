// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, started by root, runs no tree that others can write to. */
class RootsTree {
  /** A copy of the installed tree; the word root in its name is where namei(1) puts an owner. */
  private static final String TREE = "/opt/by the root user/quotapolicy";

  private static final String REFUSAL = "root does not run what others can write";

  /** In lib of the tree; "other" is another directory. */
  private static final String SETUP = "cd '" + TREE + "/lib'; mkdir -p /opt/other; umask 022; ";

  @BeforeEach
  void copy() {
    Guest.must("mkdir -p '" + TREE + "' && cp -a /usr/lib/quotapolicy/. '" + TREE + "'");
  }

  @AfterEach
  void remove() {
    Guest.must("rm -rf /opt/other '/opt/by the root user'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "touch file; chmod g+w file",
        "touch file; chown room file",
        "mkdir -m 1777 directory",
        "chmod g+w .",
        "chmod o+w '/opt/by the root user'",
        "chown room '/opt/by the root user'",
        "touch /opt/other/file; chmod o+w /opt/other/file; ln -s /opt/other/file link",
        "touch /opt/other/file; chown room /opt/other/file; ln -s ../../../other/file link",
        "touch /opt/other/file; chmod o+w /opt/other/file; ln -s /opt/other link",
        "chmod g+w /opt/other; touch /opt/other/file; ln -s /opt/other/file link",
        "chown room /opt/other; ln -s /etc/passwd /opt/other/way; ln -s /opt/other/way 'a link'",
        "chown room /opt/other; ln -s /opt/other/missing link",
        "chmod 1777 /opt/other; ln -s /opt/other/missing link",
        "chmod 1777 /opt/other; ln -s /opt/other link",
        "chmod 1777 /opt/other; ln -s missing /opt/other/way; ln -s /opt/other/way link",
      })
  void tree_thatOthersCanWrite_isRefused(String change) {
    Guest.must(SETUP + change);
    Guest.Result result = start();
    assertNotEquals(0, result.status(), result::text);
    assertTrue(result.text().contains(REFUSAL), result::text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ln -s . link; ln -s /etc/passwd 'a link'; ln -s /nowhere/missing away",
        "chmod 1777 '/opt/by the root user'",
        "chmod 1777 /opt/other; touch /opt/other/file; ln -s /opt/other/file link",
      })
  void tree_thatOnlyRootCanWrite_isRun(String change) {
    Guest.must(SETUP + change);
    Guest.Result result = start();
    assertFalse(result.text().contains(REFUSAL), result::text);
    assertTrue(result.text().contains("socket"), result::text);
  }

  /** Without a socket as its input the helper ends. */
  private static Guest.Result start() {
    return Guest.run(TREE + "/bin/quotapolicy", "helper");
  }
}
