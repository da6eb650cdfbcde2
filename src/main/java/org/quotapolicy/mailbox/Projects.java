// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.OptionalLong;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.system.FileProject;
import org.quotapolicy.system.FileProject.Reply;

/**
 * Finds out to which project new mail belongs.
 *
 * <p>The kernel knows: it tells this process, or else, on XFS, the helper. Only where it tells
 * neither, the administrator's file counts.
 */
final class Projects {
  // asm-generic/errno-base.h
  private static final int ENOENT = 2;

  /** Of asm-generic/errno.h: to touch the mailbox, a server would have to be asked. */
  private static final int EREMOTE = 66;

  private final KernelProjects kernel;
  private final ProjectFile file;

  /** What the kernel says of a path on a mount; may block. */
  @FunctionalInterface
  interface KernelProjects {
    Reply of(Mount mount, String path);
  }

  Projects(KernelProjects kernel, ProjectFile file) {
    this.kernel = kernel;
    this.file = file;
  }

  /** Those of this machine. */
  static Projects onThisMachine() {
    return new Projects(
        (mount, path) -> FileProject.of(path, mount.major(), mount.minor()),
        new ProjectFile(ProjectFile.USUAL));
  }

  /** How it ended. */
  sealed interface Result {

    /** What the helper must be asked about. */
    record Named(Project project) implements Result {}

    /** Nobody could tell; {@code reason} is one line for the administrator. */
    record Unknown(String reason) implements Result {}
  }

  /**
   * The project of a mailbox.
   *
   * @param mailbox the directory in which messages are made, or the file that they are written to
   * @param unasked what the helper has said; with an error it could not find out by the inode
   */
  Result of(Place.Local mailbox, Quota unasked) {
    if (unasked.errno() != 0 || !mailbox.isTouchable()) {
      return byFile(mailbox, mailbox.isTouchable() ? unasked.errno() : EREMOTE);
    }
    Reply reply = nearest(mailbox);
    if (reply instanceof Reply.Known known) {
      return new Result.Named(new Project.Numbered(known.id()));
    }
    if (reply instanceof Reply.Hidden hidden) {
      return mailbox.mount().type().equals("xfs")
          ? new Result.Named(new Project.OfInode(hidden.inode()))
          : byFile(mailbox, hidden.errno());
    }
    return byFile(mailbox, ((Reply.Failed) reply).errno());
  }

  /** What is not there yet will have the project of the directory in which it is made. */
  private Reply nearest(Place.Local mailbox) {
    Mount mount = mailbox.mount();
    String path = mailbox.path();
    Reply reply = kernel.of(mount, path);
    while (isAbsent(reply) && path.length() > mount.mountPoint().length()) {
      path = path.substring(0, Math.max(1, path.lastIndexOf('/')));
      reply = kernel.of(mount, path);
    }
    return reply;
  }

  private static boolean isAbsent(Reply reply) {
    return reply instanceof Reply.Failed failed && failed.errno() == ENOENT;
  }

  private Result byFile(Place.Local mailbox, int errno) {
    OptionalLong id = file.projectOf(mailbox.mount(), mailbox.path());
    return id.isPresent()
        ? new Result.Named(new Project.Numbered(id.getAsLong()))
        : new Result.Unknown(
            ("project quota is enforced on %s, and which project %s belongs to could not be told: %s,"
                    + " and /etc/projects does not list it")
                .formatted(mailbox.mount().mountPoint(), mailbox.path(), Errno.name(errno)));
  }
}
