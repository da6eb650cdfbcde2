// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.system;

import java.nio.file.Path;
import java.util.Set;

/**
 * What a process still reaches when {@link Landlock} has bound it. Names that do not exist then are
 * left out. Directories may be listed wherever they are.
 *
 * @param reads files that may be read, and directories below which all may be
 * @param removes directories below which files may be removed
 * @param meets whether Unix sockets of others may be looked up, to connect to them
 */
public record Reach(Set<Path> reads, Set<Path> removes, boolean meets) {
  public Reach {
    reads = Set.copyOf(reads);
    removes = Set.copyOf(removes);
  }
}
