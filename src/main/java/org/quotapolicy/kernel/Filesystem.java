// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A mounted filesystem to ask about; texts carry each byte as one char (ISO 8859-1).
 *
 * @param major major number of its device
 * @param minor minor number of its device
 * @param isXfs whether it is XFS, which has a meaning of its own for id 0
 * @param path a mount point of it that can be opened without blocking; null if there is none
 * @param source its device node as it was mounted
 */
public record Filesystem(
    int major, int minor, boolean isXfs, @Nullable String path, String source) {}
