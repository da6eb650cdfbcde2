// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.quota;

import java.util.List;

/**
 * An account and its quotas on all local filesystems that have any.
 *
 * @param uid user id; an unsigned 32-bit number
 * @param gid primary group id; an unsigned 32-bit number
 * @param home home directory, each byte of the path as one char (ISO 8859-1), so that no byte of a
 *     name in another encoding is lost
 * @param filesystems filesystems that have quotas or could not be asked; one without is left out
 */
public record UserQuotas(long uid, long gid, String home, List<FilesystemQuotas> filesystems) {
  public UserQuotas {
    filesystems = List.copyOf(filesystems);
  }
}
