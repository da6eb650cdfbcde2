// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.system.FileGroup;
import org.quotapolicy.system.FileGroup.Reply;

/**
 * Finds out to which group new mail belongs, and so whose group quota it is charged to.
 *
 * <p>A new file belongs to the group of who makes it, unless its directory hands its own on
 * (inode_init_owner() in fs/inode.c, the mount option grpid in fs/ext4/ialloc.c and
 * fs/xfs/xfs_inode.c). An mbox in the spool is made by local(8): under the spool's group if that
 * may write there, and if nobody else than root may, it is given to the user's in the end
 * (src/local/mailbox.c of Postfix 3.7).
 */
final class Groups {
  private final KernelFiles files;

  /** What the kernel says of a path on a mount; may block. */
  @FunctionalInterface
  interface KernelFiles {
    Reply of(Mount mount, String path);
  }

  Groups(KernelFiles files) {
    this.files = files;
  }

  /** Those of this machine. */
  static Groups onThisMachine() {
    return new Groups((mount, path) -> FileGroup.of(path, mount.major(), mount.minor()));
  }

  /**
   * The group that mail in a mailbox belongs to.
   *
   * @param account of whom it is
   */
  long of(MailboxPath mailbox, Place.Local place, UserQuotas account) {
    if (!place.isTouchable()) {
      return account.gid();
    }
    return mailbox.isMaildir()
        ? ofNew(place.mount(), place.path() + "/tmp", account.gid())
        : ofMbox(mailbox, place, account);
  }

  /**
   * Whether local(8) makes this mbox, which is not there yet, as root, and gives it to its user.
   */
  boolean isGivenAway(MailboxPath mailbox, Place.Local place, long uid) {
    return mailbox.isInSpool()
        && files.of(place.mount(), above(place.path())) instanceof Reply.Known spool
        && isGivenAway(spool, uid);
  }

  /**
   * Whether the lock file beside an mbox will be one more inode of this user's. One that is there
   * is counted already; and in a spool that only root may write to, it is root's.
   */
  boolean isFurther(MailboxPath lockFile, Place.Local place, long uid) {
    if (!place.isTouchable()) {
      return !lockFile.isInSpool();
    }
    boolean isThere = files.of(place.mount(), place.path()) instanceof Reply.Known;
    return !isThere && (!lockFile.isInSpool() || isMadeByUser(place, uid));
  }

  private boolean isMadeByUser(Place.Local place, long uid) {
    return files.of(place.mount(), above(place.path())) instanceof Reply.Known spool
        && !isGivenAway(spool, uid);
  }

  private static boolean isGivenAway(Reply.Known spool, long uid) {
    return uid != 0 && !spool.isWorldWritable() && !spool.isGroupWritable();
  }

  private long ofMbox(MailboxPath mailbox, Place.Local place, UserQuotas account) {
    Mount mount = place.mount();
    if (files.of(mount, place.path()) instanceof Reply.Known mbox && !mbox.isDirectory()) {
      return mbox.group();
    }
    String directory = above(place.path());
    return mailbox.isInSpool() && files.of(mount, directory) instanceof Reply.Known spool
        ? inSpool(mount, spool, account)
        : ofNew(mount, directory, account.gid());
  }

  private static long inSpool(Mount mount, Reply.Known spool, UserQuotas account) {
    boolean isUnderItsGroup = !spool.isWorldWritable() && spool.isGroupWritable();
    boolean keepsGroup = handsGroupOn(mount, spool) && !isGivenAway(spool, account.uid());
    return isUnderItsGroup || keepsGroup ? spool.group() : account.gid();
  }

  /** What is not there, or hidden, is taken to be as the nearest directory that can be seen. */
  private long ofNew(Mount mount, String path, long own) {
    String directory = path;
    Reply reply = files.of(mount, directory);
    while (!isDirectory(reply) && directory.length() > mount.mountPoint().length()) {
      directory = above(directory);
      reply = files.of(mount, directory);
    }
    boolean isDirectorys = isDirectory(reply) && handsGroupOn(mount, (Reply.Known) reply);
    return isDirectorys ? ((Reply.Known) reply).group() : own;
  }

  private static boolean isDirectory(Reply reply) {
    return reply instanceof Reply.Known known && known.isDirectory();
  }

  private static boolean handsGroupOn(Mount mount, Reply.Known directory) {
    return directory.handsGroupOn()
        || mount.superOptions().equals(KeptMounts.GROUPS_OF_DIRECTORIES);
  }

  private static String above(String path) {
    return path.substring(0, Math.max(1, path.lastIndexOf('/')));
  }
}
