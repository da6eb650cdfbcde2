// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

/**
 * Where a message is stored.
 *
 * @param path absolute, each byte as one char (ISO 8859-1); need not exist
 * @param form what is written there
 * @param isInSpool whether that file is made by local(8) in its mail_spool_directory
 */
public record MailboxPath(String path, Form form, boolean isInSpool) {
  private static final String LOCK_SUFFIX = ".lock";

  /** What is written to a path. */
  public enum Form {
    /** Each message is a file of its own. */
    MAILDIR,
    /** All messages are in one file. */
    MBOX,
    /** The same, and as long as it is written to there is a lock file beside it. */
    LOCKED_MBOX,
    /** That lock file. */
    LOCK_FILE
  }

  /** Not in the spool, and without a lock file. */
  public MailboxPath(String path, boolean isMaildir) {
    this(path, isMaildir ? Form.MAILDIR : Form.MBOX, false);
  }

  /** Whether each message is a file of its own there. */
  public boolean isMaildir() {
    return form == Form.MAILDIR;
  }

  /** Whether a message takes a new file, whatever is there. */
  boolean isNewFile() {
    return isMaildir() || isLockFile();
  }

  /** Whether it is no mailbox, but only a lock file. */
  public boolean isLockFile() {
    return form == Form.LOCK_FILE;
  }

  /** Whether a lock file is made beside it. */
  boolean isLocked() {
    return form == Form.LOCKED_MBOX;
  }

  /** That lock file. Source: dot_lockfile() in src/global/dot_lockfile.c of Postfix. */
  MailboxPath lockFile() {
    return new MailboxPath(path + LOCK_SUFFIX, Form.LOCK_FILE, isInSpool);
  }

  /** The mbox that it is, or is the lock file of. */
  MailboxPath mbox() {
    String name = isLockFile() ? path.substring(0, path.length() - LOCK_SUFFIX.length()) : path;
    return new MailboxPath(name, Form.LOCKED_MBOX, isInSpool);
  }
}
