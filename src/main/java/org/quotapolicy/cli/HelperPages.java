// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.quotapolicy.helperclient.HelperClient;
import org.quotapolicy.helperclient.PageResult;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.QuotaType;

/**
 * All ids, as the helper tells them.
 *
 * @param timeout how long to wait for a page
 */
record HelperPages(HelperClient client, Duration timeout) implements QuotaSource {

  @Override
  public PageResult page(Mount filesystem, QuotaType type, long first) {
    BlockingQueue<PageResult> answer = new ArrayBlockingQueue<>(1);
    long deadline = System.nanoTime() + timeout.toNanos();
    client.list(filesystem.major(), filesystem.minor(), type, first, deadline, answer::add);
    try {
      return answer.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new PageResult.CouldNotTell("interrupted");
    }
  }
}
