// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.quotapolicy.kernel.Headers.linux_dqblk_xfs;
import org.quotapolicy.kernel.Headers.linux_quota;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;

/**
 * Asks the kernel for all ids that have a quota of one type on one filesystem, a page at a time.
 * Source: quotactl(2); Q_GETNEXTQUOTA and Q_XGETNEXTQUOTA in fs/quota/quota.c, Linux 4.6.
 *
 * <p>A call jumps to the next id that has a record, so gaps between ids cost nothing: not even at
 * 2^32 ids, of which few exist. Files of the oldest format (quota_v1.c) cannot be listed: ENOSYS.
 * As to which command hangs when, and which quotas bind, it is as with {@link QuotaControl}. Needs
 * CAP_SYS_ADMIN, even for one's own.
 */
public final class QuotaPages {
  /** A page ends after so long, full or not: others wait to ask about this filesystem. */
  private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(100);

  private final OpenFilesystem open;
  private final QuotaType type;
  private final QuotaState state;
  private final boolean isXfs;
  private final int withoutGrace;
  private final ByteBuffer struct = Scratch.ofThread().struct.fields();
  private final List<Quota> quotas = new ArrayList<>();
  private ResourceQuota spaceDefaults = ResourceQuota.NONE;
  private ResourceQuota inodeDefaults = ResourceQuota.NONE;
  private long next;

  private QuotaPages(Mount filesystem, OpenFilesystem open, QuotaType type, int flags, long first) {
    this.open = open;
    this.type = type;
    this.state = QuotaControl.state(type, flags);
    this.isXfs = filesystem.type().equals("xfs");
    this.withoutGrace = QuotaControl.withoutGrace(filesystem, open, type, flags);
    this.next = first;
  }

  /**
   * The quotas of the first ids that are not less than {@code first}; nothing stays open.
   *
   * @param first an unsigned 32-bit number
   */
  public static QuotaPage read(Mount filesystem, QuotaType type, long first) {
    try (OpenFilesystem open = new OpenFilesystem(filesystem)) {
      int error = open.open();
      int flags = error == 0 ? QuotaControl.accounting(open, QuotaType.USER) : -error;
      if (flags < 0) {
        return QuotaPage.failed(type, -flags);
      }
      return QuotaControl.state(type, flags) == QuotaState.OFF
          ? QuotaPage.off(type)
          : new QuotaPages(filesystem, open, type, flags, first).read();
    }
  }

  private QuotaPage read() {
    long start = System.nanoTime();
    int error = isXfs ? readDefaults() : 0;
    while (error == 0 && next < QuotaPage.END && mayTakeMore(start)) {
      error = readNext();
    }
    return switch (error) {
      case 0 -> new QuotaPage(type, state, 0, quotas, next);
      case ErrNo.ENOENT -> new QuotaPage(type, state, 0, quotas, QuotaPage.END);
      case ErrNo.ESRCH -> QuotaPage.off(type); // turned off since
      default -> QuotaPage.failed(type, error);
    };
  }

  private boolean mayTakeMore(long start) {
    return quotas.isEmpty()
        || (quotas.size() < QuotaPage.MAX_QUOTAS && System.nanoTime() - start < LONGEST);
  }

  /** On XFS, limits of id 0 bind every other id that has none of its own. */
  private int readDefaults() {
    int error = open.control(linux_dqblk_xfs.Q_XGETQUOTA, type, 0);
    if (error == 0) {
      spaceDefaults = DiskQuota.xfsSpace(struct);
      inodeDefaults = DiskQuota.xfsInodes(struct);
    }
    return error == ErrNo.ENOENT ? 0 : error;
  }

  private int readNext() {
    int command = isXfs ? linux_dqblk_xfs.Q_XGETNEXTQUOTA : linux_quota.Q_GETNEXTQUOTA;
    int error = open.control(command, type, next);
    if (error == 0 && !isXfs && !DiskQuota.isWhole(struct)) {
      error = ErrNo.ENODATA;
    }
    return error == 0 ? add() : error;
  }

  private int add() {
    int offset = isXfs ? linux_dqblk_xfs.fs_disk_quota.d_id : linux_quota.if_nextdqblk.dqb_id;
    long id = Integer.toUnsignedLong(struct.getInt(offset));
    if (id < next) {
      return ErrNo.EPROTO; // there would be no end
    }
    quotas.add(isXfs ? ofXfs(id) : ofOther(id));
    next = id + 1;
    return 0;
  }

  private Quota ofOther(long id) {
    ResourceQuota space = DiskQuota.space(struct);
    return QuotaControl.ofOther(type, id, state, space, DiskQuota.inodes(struct), withoutGrace);
  }

  private Quota ofXfs(long id) {
    ResourceQuota space = DiskQuota.xfsSpace(struct);
    ResourceQuota inodes = DiskQuota.xfsInodes(struct);
    return id == 0
        ? new Quota(type, id, state, 0, QuotaControl.usageOf(space), QuotaControl.usageOf(inodes))
        : new Quota(
            type,
            id,
            state,
            0,
            QuotaControl.withDefaults(space, spaceDefaults),
            QuotaControl.withDefaults(inodes, inodeDefaults));
  }
}
