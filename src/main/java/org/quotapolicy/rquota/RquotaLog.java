// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.util.function.Consumer;

/**
 * Where it is told that servers fall silent and answer again, one line each.
 *
 * @param info for what is as it should be
 * @param warning for what an administrator should look at
 */
public record RquotaLog(Consumer<String> info, Consumer<String> warning) {}
