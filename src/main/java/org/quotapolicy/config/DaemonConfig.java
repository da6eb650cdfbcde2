// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.quotapolicy.policy.Action;
import org.quotapolicy.policy.RecipientDelimiter;

/**
 * What the daemon runs by.
 *
 * @param socket the policy socket; absolute
 * @param pidFile absolute
 * @param delimiter recipient delimiter
 * @param user who the daemon becomes when it is started as root, each byte as one char
 * @param socketMode permissions of the policy socket, at most 0777
 * @param socketGroup group of the policy socket; empty = the user's own
 * @param overQuota the answer for a user whose quota is full
 * @param onError the answer when it could not be told
 * @param timeout every request is answered within it
 * @param helper how the helper is started
 * @param sudo absolute path of sudo
 * @param maxConnections most connections at once
 * @param debug whether each decision is logged
 */
public record DaemonConfig(
    Path socket,
    Path pidFile,
    RecipientDelimiter delimiter,
    String user,
    int socketMode,
    Optional<String> socketGroup,
    Action overQuota,
    Action onError,
    Duration timeout,
    HelperStart helper,
    Path sudo,
    int maxConnections,
    boolean debug) {}
