// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.util.function.Consumer;
import org.quotapolicy.config.NfsConfig;
import org.quotapolicy.rquota.RquotaClient;
import org.quotapolicy.rquota.RquotaLog;
import org.quotapolicy.rquota.RquotaSettings;

/** Makes the client that asks NFS servers, of its settings. */
final class NfsServers {
  private NfsServers() {}

  static RquotaClient client(NfsConfig config, Consumer<String> info, Consumer<String> warning) {
    RquotaSettings settings =
        new RquotaSettings(
            config.timeout(),
            config.cacheLife(),
            config.port(),
            config.identity().map(who -> new RquotaSettings.Identity(who.uid(), who.gid())));
    return new RquotaClient(settings, new RquotaLog(info, warning));
  }
}
