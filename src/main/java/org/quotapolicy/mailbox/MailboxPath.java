// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

/**
 * Where a message is stored.
 *
 * @param path absolute, each byte as one char (ISO 8859-1); need not exist
 * @param isMaildir whether each message is a file of its own there; else all are in one file
 */
public record MailboxPath(String path, boolean isMaildir) {}
