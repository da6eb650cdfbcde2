// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import org.quotapolicy.policy.AccessPolicyRequest;
import org.quotapolicy.policy.Action;

/** A request that is owed an answer, on its connection. */
final class Exchange implements ReplySink {
  private final Connection connection;
  private final AccessPolicyRequest request;

  Exchange(Connection connection, AccessPolicyRequest request) {
    this.connection = connection;
    this.request = request;
  }

  AccessPolicyRequest request() {
    return request;
  }

  @Override
  public boolean reply(Action action) {
    return connection.answer(this, action);
  }
}
