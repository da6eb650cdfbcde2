// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

/**
 * Where a message is stored.
 *
 * @param path absolute, each byte as one char (ISO 8859-1); need not exist
 * @param isMaildir whether each message is a file of its own there; else all are in one file
 * @param isInSpool whether that file is made by local(8) in its mail_spool_directory
 */
public record MailboxPath(String path, boolean isMaildir, boolean isInSpool) {
  /** Not in the spool. */
  public MailboxPath(String path, boolean isMaildir) {
    this(path, isMaildir, false);
  }
}
