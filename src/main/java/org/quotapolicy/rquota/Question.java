// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.net.InetAddress;
import org.quotapolicy.quota.QuotaType;

/**
 * Which quota is wanted.
 *
 * @param id the uid or gid; an unsigned 32-bit number
 * @param credentials who asks
 */
record Question(Export export, QuotaType type, long id, Credentials credentials) {

  /** What questions have in common that have the same answer. */
  record Key(InetAddress server, String path, boolean isVersion4, QuotaType type, long id) {}

  Key key() {
    return new Key(export.address(), export.path(), export.isVersion4(), type, id);
  }
}
