// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.util.function.Consumer;

/**
 * Where the helper's life is told, one line each.
 *
 * @param info for what is as it should be
 * @param warning for what an administrator should look at
 */
public record HelperLog(Consumer<String> info, Consumer<String> warning) {}
