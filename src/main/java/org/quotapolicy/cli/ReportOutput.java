// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import org.quotapolicy.kernel.Mount;

/** Where a report goes, filesystem by filesystem. */
interface ReportOutput {

  /** A filesystem follows. {@code blockSize} is in bytes, 0 = not known. */
  void begin(Mount filesystem, int blockSize);

  /** Of the filesystem that was begun; in no order. */
  void row(ReportRow row);

  /** The filesystem that was begun ends. */
  void end(ReportSummary summary);

  /** Something is not in the report; {@code what} is a path or the like. */
  void problem(String what, String reason);

  /** All was said. */
  void finish(ReportSummary total);
}
