// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.quotapolicy.config.DaemonConfig;

/**
 * What {@code quotapolicy doctor} looks at.
 *
 * @param configFile the daemon's configuration file, be it there or not
 * @param config what is set
 * @param postfix the configuration of Postfix
 * @param helper a helper of one's own; empty if it cannot be started
 * @param helperTrouble why it cannot
 */
record Host(
    Path configFile,
    DaemonConfig config,
    Postconf postfix,
    Optional<OwnHelper> helper,
    String helperTrouble) {}
