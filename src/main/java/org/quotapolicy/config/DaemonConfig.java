// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.quotapolicy.policy.Answers;
import org.quotapolicy.policy.Storage;

/**
 * What the daemon runs by.
 *
 * @param socket the policy socket; absolute
 * @param pidFile absolute
 * @param recipients which recipients are checked; a reload can change it
 * @param answers what is answered; a reload can change it
 * @param storage where mail is stored; a reload can change it
 * @param reserve bytes that must stay free beside the message; a reload can change it
 * @param user who the daemon becomes when it is started as root, each byte as one char
 * @param socketMode permissions of the policy socket, at most 0777
 * @param socketGroup group of the policy socket; empty = the user's own
 * @param timeout every request is answered within it
 * @param helper how the helper is started
 * @param sudo absolute path of sudo
 * @param maxConnections most connections at once
 */
public record DaemonConfig(
    Path socket,
    Path pidFile,
    RecipientConfig recipients,
    Answers answers,
    Storage storage,
    int reserve,
    String user,
    int socketMode,
    Optional<String> socketGroup,
    Duration timeout,
    HelperStart helper,
    Path sudo,
    int maxConnections) {}
