// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.platform.linux.ErrNo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.quotapolicy.kernel.Headers.linux_dqblk_xfs;
import org.quotapolicy.kernel.Headers.linux_quota;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;

/**
 * Asks the kernel about quotas on one filesystem. Source: quotactl(2), fs/quota/quota.c.
 *
 * <p>Q_XGETQSTATV says what is accounted and enforced: a quota that can be read is not always one
 * that is kept, ext4 made with its quota feature and mounted without options returns limits that
 * nobody is held to. The numbers come from Q_XGETQUOTA on XFS, where it only reads, and from
 * Q_GETQUOTA on all others: there both may make a record and so write, and only of Q_GETQUOTA does
 * the kernel know that; it waits while the filesystem is frozen, where the other writes to a device
 * that somebody is taking a snapshot of (ext4, Linux 6.1). So a call may hang, and cannot be
 * killed.
 *
 * <p>Q_XGETQSTATV also tells the grace period of the type that it is asked about; kernels older
 * than 5.4 tell that of the first type that is on.
 */
public final class QuotaControl {
  private static final int NOTHING_ACCOUNTED = 0;

  /** Beside FS_QUOTA_*, which have 16 bits: the type that was asked about has a period of 0. */
  private static final int NO_GRACE = 1 << 16;

  /** The same of inodes. */
  private static final int NO_INODE_GRACE = 1 << 17;

  /** Where that does not mean that one block, or inode, may pass the soft limit, and no more. */
  private static final Set<String> WITH_OTHER_TIMERS = Set.of("bcachefs", "gfs2", "xfs");

  private final Mount filesystem;
  private final OpenFilesystem open;
  private final ByteBuffer struct = Scratch.ofThread().struct.fields();

  private QuotaControl(Mount filesystem, OpenFilesystem open) {
    this.filesystem = filesystem;
    this.open = open;
  }

  /**
   * The quotas of a user and of a group on a filesystem, as they are now; nothing stays open. That
   * of the project is among them if project quota is enforced, or accounted and a project is named.
   *
   * <p>To ask about another's needs CAP_SYS_ADMIN.
   *
   * @param uid an unsigned 32-bit number
   * @param gid an unsigned 32-bit number
   */
  public static FilesystemQuotas ask(Mount filesystem, long uid, long gid, Project project) {
    try (OpenFilesystem open = new OpenFilesystem(filesystem)) {
      int error = open.open();
      QuotaControl control = new QuotaControl(filesystem, open);
      return error == 0 ? control.quotas(uid, gid, project) : failed(filesystem, uid, gid, error);
    }
  }

  /** That they could not be asked; {@code errno} is a number of errno(3). */
  public static FilesystemQuotas failed(Mount filesystem, long uid, long gid, int errno) {
    return answer(
        filesystem,
        List.of(
            Quota.failed(QuotaType.USER, uid, errno), Quota.failed(QuotaType.GROUP, gid, errno)));
  }

  private static FilesystemQuotas answer(Mount filesystem, List<Quota> quotas) {
    return new FilesystemQuotas(filesystem.major(), filesystem.minor(), quotas);
  }

  private FilesystemQuotas quotas(long uid, long gid, Project project) {
    int flags = accounting(open, QuotaType.USER);
    if (flags < 0) {
      return failed(filesystem, uid, gid, -flags);
    }
    List<Quota> quotas = new ArrayList<>();
    quotas.add(quota(QuotaType.USER, uid, flags));
    quotas.add(quota(QuotaType.GROUP, gid, flags));
    QuotaState state = state(QuotaType.PROJECT, flags);
    if (state != QuotaState.OFF) {
      ofProject(project, state, flags).ifPresent(quotas::add);
    }
    return answer(filesystem, quotas);
  }

  private Optional<Quota> ofProject(Project project, QuotaState state, int flags) {
    boolean isBinding = state == QuotaState.ENFORCED;
    if (project instanceof Project.Unnamed) {
      return isBinding ? Optional.of(Quota.unasked(0)) : Optional.empty();
    }
    long id =
        project instanceof Project.OfInode of
            ? XfsInode.project(filesystem, of.inode())
            : ((Project.Numbered) project).id();
    if (id < 0) {
      return isBinding ? Optional.of(Quota.unasked((int) -id)) : Optional.empty();
    }
    return Optional.of(quota(QuotaType.PROJECT, id, flags));
  }

  private Quota quota(QuotaType type, long id, int flags) {
    QuotaState state = state(type, flags);
    if (state == QuotaState.OFF) {
      return Quota.off(type, id);
    }
    return filesystem.type().equals("xfs") ? ofXfs(type, id, state) : ofOther(type, id, flags);
  }

  private Quota ofOther(QuotaType type, long id, int flags) {
    int error = open.control(linux_quota.Q_GETQUOTA, type, id);
    if (error == ErrNo.ESRCH) {
      return Quota.off(type, id); // turned off since
    }
    if (error == 0 && !DiskQuota.isWhole(struct)) {
      error = ErrNo.ENODATA;
    }
    return error == 0
        ? ofOther(type, id, flags, DiskQuota.space(struct), DiskQuota.inodes(struct))
        : Quota.failed(type, id, error);
  }

  private Quota ofOther(
      QuotaType type, long id, int flags, ResourceQuota space, ResourceQuota inodes) {
    boolean mayStartTimer = space.mayStartTimer() || inodes.mayStartTimer();
    int without = mayStartTimer ? withoutGrace(filesystem, open, type, flags) : 0;
    return ofOther(type, id, state(type, flags), space, inodes, without);
  }

  /**
   * What was read of a filesystem that is not XFS.
   *
   * @param without as from {@link #withoutGrace}
   */
  static Quota ofOther(
      QuotaType type,
      long id,
      QuotaState state,
      ResourceQuota space,
      ResourceQuota inodes,
      int without) {
    ResourceQuota ofSpace = space.withoutGrace((without & NO_GRACE) != 0);
    ResourceQuota ofInodes = inodes.withoutGrace((without & NO_INODE_GRACE) != 0);
    return new Quota(type, id, state, 0, ofSpace, ofInodes);
  }

  /**
   * Whether timers are over when they start: NO_GRACE, NO_INODE_GRACE. Of users the flags have told
   * it already. Source: dquot_add_space() and dquot_add_inodes() in fs/quota/dquot.c.
   */
  static int withoutGrace(Mount filesystem, OpenFilesystem open, QuotaType type, int flags) {
    int told = type == QuotaType.USER ? flags : accounting(open, type);
    return told < 0 || WITH_OTHER_TIMERS.contains(filesystem.type())
        ? 0
        : told & (NO_GRACE | NO_INODE_GRACE);
  }

  private Quota ofXfs(QuotaType type, long id, QuotaState state) {
    int error = open.control(linux_dqblk_xfs.Q_XGETQUOTA, type, id);
    return switch (error) {
      case 0 -> ofXfs(type, id, state, DiskQuota.xfsSpace(struct), DiskQuota.xfsInodes(struct));
      case ErrNo.ESRCH -> Quota.off(type, id); // turned off since
      case ErrNo.ENOENT -> // no record: nothing used, no limits of its own
          ofXfs(type, id, state, ResourceQuota.NONE, ResourceQuota.NONE);
      default -> Quota.failed(type, id, error);
    };
  }

  /**
   * What is accounted and enforced, FS_QUOTA_*; negative, a number of errno(3), if not told.
   *
   * @param type whose grace period is told, too; any but USER is refused where there cannot be one
   */
  static int accounting(OpenFilesystem open, QuotaType type) {
    ByteBuffer statv = Scratch.ofThread().struct.fields();
    statv.putLong(0, 0);
    statv.put(linux_dqblk_xfs.fs_quota_statv.qs_version, (byte) linux_dqblk_xfs.FS_QSTATV_VERSION1);
    int error = open.control(linux_dqblk_xfs.Q_XGETQSTATV, type, 0);
    return switch (error) {
      case 0 -> flags(statv);
      case ErrNo.ENOSYS -> NOTHING_ACCOUNTED; // it has no quota, or all types are off
      default -> -error;
    };
  }

  static int flags(ByteBuffer statv) {
    int flags = Short.toUnsignedInt(statv.getShort(linux_dqblk_xfs.fs_quota_statv.qs_flags));
    return flags
        | (statv.getInt(linux_dqblk_xfs.fs_quota_statv.qs_btimelimit) == 0 ? NO_GRACE : 0)
        | (statv.getInt(linux_dqblk_xfs.fs_quota_statv.qs_itimelimit) == 0 ? NO_INODE_GRACE : 0);
  }

  static QuotaState state(QuotaType type, int flags) {
    return switch (type) {
      case USER ->
          state(flags, linux_dqblk_xfs.FS_QUOTA_UDQ_ACCT, linux_dqblk_xfs.FS_QUOTA_UDQ_ENFD);
      case GROUP ->
          state(flags, linux_dqblk_xfs.FS_QUOTA_GDQ_ACCT, linux_dqblk_xfs.FS_QUOTA_GDQ_ENFD);
      case PROJECT ->
          state(flags, linux_dqblk_xfs.FS_QUOTA_PDQ_ACCT, linux_dqblk_xfs.FS_QUOTA_PDQ_ENFD);
    };
  }

  private static QuotaState state(int flags, int accounted, int enforced) {
    if ((flags & accounted) == 0) {
      return QuotaState.OFF;
    }
    return (flags & enforced) == 0 ? QuotaState.ACCOUNTED : QuotaState.ENFORCED;
  }

  // On XFS, limits of id 0 bind every other id that has none of its own, and id 0 is never refused
  // anything. Its timers are grace periods. Source: fs/xfs/xfs_trans_dquot.c, xfs_trans_dqresv.

  private Quota ofXfs(
      QuotaType type, long id, QuotaState state, ResourceQuota space, ResourceQuota inodes) {
    if (id == 0) {
      return new Quota(type, id, state, 0, usageOf(space), usageOf(inodes));
    }
    int error = open.control(linux_dqblk_xfs.Q_XGETQUOTA, type, 0);
    return switch (error) {
      case 0 -> {
        ResourceQuota spaceWithDefaults = withDefaults(space, DiskQuota.xfsSpace(struct));
        ResourceQuota inodesWithDefaults = withDefaults(inodes, DiskQuota.xfsInodes(struct));
        yield new Quota(type, id, state, 0, spaceWithDefaults, inodesWithDefaults);
      }
      // EPERM: who may see only himself sees what was copied to his record when it was last used.
      case ErrNo.ENOENT, ErrNo.EPERM -> new Quota(type, id, state, 0, space, inodes);
      default -> Quota.failed(type, id, error);
    };
  }

  static ResourceQuota usageOf(ResourceQuota quota) {
    return new ResourceQuota(quota.usage(), 0, 0, 0);
  }

  static ResourceQuota withDefaults(ResourceQuota own, ResourceQuota defaults) {
    long soft = own.softLimit() != 0 ? own.softLimit() : defaults.softLimit();
    long hard = own.hardLimit() != 0 ? own.hardLimit() : defaults.hardLimit();
    return new ResourceQuota(own.usage(), soft, hard, own.graceExpiry());
  }
}
