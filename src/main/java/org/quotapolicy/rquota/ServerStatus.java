// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.time.Instant;

/**
 * A server that was asked, at a moment.
 *
 * @param name as in messages
 * @param isLeftAlone whether it has not answered, and is asked only now and then
 * @param since when that last changed; first, when it was first asked
 * @param asked questions that were sent, repetitions not counted
 * @param answered those of them that had an answer
 * @param unanswered those of them that had none
 * @param underWay those of them that wait for one
 */
public record ServerStatus(
    String name,
    boolean isLeftAlone,
    Instant since,
    long asked,
    long answered,
    long unanswered,
    int underWay) {}
