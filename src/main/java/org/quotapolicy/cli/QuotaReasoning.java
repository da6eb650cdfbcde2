// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.time.Instant;
import java.util.List;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.ResourceQuota;
import org.quotapolicy.verdict.FilesystemType;
import org.quotapolicy.verdict.Need;
import org.quotapolicy.verdict.Resource;
import org.quotapolicy.verdict.Rule;
import org.quotapolicy.verdict.Verdict.Refuse;

/**
 * What the rule makes of one quota, in words. It is the rule itself that is asked whether a limit
 * is passed.
 *
 * @param blockSize bytes; 0 = not known
 * @param need what the message takes there
 */
record QuotaReasoning(Mount mount, int blockSize, Need need, Instant now) {

  /** A step each for space and inodes; none of a quota without numbers. */
  List<String> of(Quota quota) {
    if (quota.state() != QuotaState.ENFORCED) {
      return List.of();
    }
    return List.of(line(quota, Resource.SPACE), line(quota, Resource.INODES));
  }

  private String line(Quota quota, Resource resource) {
    ResourceQuota numbers = resource == Resource.SPACE ? quota.space() : quota.inodes();
    long taken = resource == Resource.SPACE ? need.inBlocks(blockSize) : need.inodes();
    String start =
        "%s quota of id %d, %s: %s used, %s needed; "
            .formatted(
                quota.type().word(),
                quota.id(),
                resource == Resource.SPACE ? "space" : "inodes",
                amount(resource, numbers.usage()),
                amount(resource, taken));
    return start + hard(quota, resource, numbers) + "; " + soft(quota, resource, numbers) + ".";
  }

  private String hard(Quota quota, Resource resource, ResourceQuota numbers) {
    if (numbers.hardLimit() == 0) {
      return "no hard limit";
    }
    ResourceQuota alone = new ResourceQuota(numbers.usage(), 0, numbers.hardLimit(), 0);
    String effect = refuses(quota, resource, alone) ? "would be passed: REFUSED" : "is kept";
    return "hard limit " + amount(resource, numbers.hardLimit()) + " " + effect;
  }

  private String soft(Quota quota, Resource resource, ResourceQuota numbers) {
    if (numbers.softLimit() == 0) {
      return "no soft limit";
    }
    ResourceQuota over = new ResourceQuota(numbers.usage(), numbers.softLimit(), 0, 1);
    ResourceQuota alone =
        new ResourceQuota(numbers.usage(), numbers.softLimit(), 0, numbers.graceExpiry());
    String limit = "soft limit " + amount(resource, numbers.softLimit());
    if (!refuses(quota, resource, over)) {
      return limit + " is kept";
    }
    boolean refused = refuses(quota, resource, alone);
    return limit
        + " would be passed ("
        + timer(numbers, resource)
        + "): "
        + (refused ? "REFUSED" : "allowed");
  }

  private String timer(ResourceQuota numbers, Resource resource) {
    if (numbers.hasTimer()) {
      return TextReport.grace(numbers, now) + ", " + Instant.ofEpochSecond(numbers.graceExpiry());
    }
    return numbers.isWithoutGrace()
        ? "the grace period is 0, so that one %s may pass it"
            .formatted(resource == Resource.SPACE ? "block" : "inode")
        : "no timer runs yet";
  }

  /** Whether the kernel would refuse if there were only these numbers. */
  private boolean refuses(Quota quota, Resource resource, ResourceQuota numbers) {
    boolean isSpace = resource == Resource.SPACE;
    Quota alone =
        new Quota(
            quota.type(),
            quota.id(),
            quota.state(),
            0,
            isSpace ? numbers : ResourceQuota.NONE,
            isSpace ? ResourceQuota.NONE : numbers);
    FilesystemQuotas there = new FilesystemQuotas(mount.major(), mount.minor(), List.of(alone));
    FilesystemType type = FilesystemType.of(mount.type());
    return Rule.decide(type, there, blockSize, need, now, Errno::name) instanceof Refuse;
  }

  private static String amount(Resource resource, long value) {
    return resource == Resource.SPACE
        ? Reasoning.exact(value)
        : Explanation.amount(resource, value);
  }
}
