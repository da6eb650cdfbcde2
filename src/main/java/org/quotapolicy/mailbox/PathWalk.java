// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.Symlink.Absent;
import org.quotapolicy.mailbox.Symlink.Failed;
import org.quotapolicy.mailbox.Symlink.Hidden;
import org.quotapolicy.mailbox.Symlink.Target;

/**
 * Follows one path from mount to mount, name by name, as the kernel would (path_resolution(7)).
 *
 * <p>Names on a remote or autofs mount are never touched. There the walk goes on by name alone, in
 * the hope for another mount further down: its mount point, being free of symbolic links, proves
 * the names before it. Below a mount that is reached across a remote one nothing is touched either.
 * The root mount is an exception: if it does not answer, this program does not run.
 *
 * <p>A name that may not be looked at (EACCES) might be a link. From there the walk goes on by name
 * alone, too: if it comes to a mount, the mount point proves the names before it; if it ends before
 * one, it is not sure where the path leads, and if it wants to go up, it cannot be told.
 *
 * <p>Where nothing is, the rest of the path belongs to the mount reached: that is where it would be
 * made.
 */
final class PathWalk {
  /** MAXSYMLINKS of linux/namei.h. */
  private static final int MAX_LINKS = 40;

  /**
   * The kernel has no such bound. Each name is looked at by its whole path, so the time grows with
   * the square of the names, and links make a user's path 40 times as long as a path may be.
   */
  private static final int MAX_NAMES = 256;

  private final MountTable table;
  private final LinkReader links;
  private final Mount rootMount;
  private Step here;

  /** What is still to be walked begins in it at {@link #next}; nothing is, if that is beyond it. */
  private String names = "";

  private int next;
  private int linksFollowed;
  private int namesWalked;
  private @Nullable Place end;

  PathWalk(MountTable table, Mount rootMount, LinkReader links) {
    this.table = table;
    this.links = links;
    this.rootMount = rootMount;
    this.here = new Step(null, "", rootMount, null, null);
  }

  Place walk(String path) {
    names = path;
    while (end == null && next <= names.length()) {
      step(nextName());
    }
    return end == null ? hiddenOr(place(here.path())) : end;
  }

  private String nextName() {
    int slash = names.indexOf('/', next);
    int nameEnd = slash < 0 ? names.length() : slash;
    String name = names.substring(next, nameEnd);
    next = nameEnd + 1;
    return name;
  }

  /** What is still to be walked, behind a slash. */
  private String rest() {
    return next <= names.length() ? "/" + names.substring(next) : "";
  }

  private void step(String name) {
    if (name.isEmpty() || name.equals(".")) {
      return;
    }
    if (++namesWalked > MAX_NAMES) {
      end = new Place.Failed("too many names, more than " + MAX_NAMES + " on the way");
    } else if (name.equals("..")) {
      up();
    } else {
      down(name);
    }
  }

  /** As the kernel: after {@code /..}, a mount that lies over the root directory is entered. */
  private void up() {
    if (here.hidden() != null) {
      end = new Place.Failed(((Place.Hidden) hiddenOr(place(here.path()))).reason());
      return;
    }
    if (!isTouchable(here)) {
      end = place(here.path() + "/..");
      return;
    }
    Step above = here.above();
    here = topmost(above == null ? here : above);
  }

  private void down(String name) {
    Step below = here.below(name);
    if (table.on(below.mount(), below.path()).isPresent()) {
      here = topmost(new Step(here, below.path(), below.mount(), crossedBelow(here), null));
    } else if (isTouchable(below)) {
      look(below);
    } else {
      here = below;
    }
  }

  private void look(Step at) {
    Symlink found = links.read(at.path());
    if (found instanceof Target link) {
      follow(at, link.path());
    } else if (found instanceof Absent) {
      end = place(at.path() + rest());
    } else if (found instanceof Hidden) {
      here = new Step(at.above(), at.path(), at.mount(), at.crossed(), at.path());
    } else if (found instanceof Failed failed) {
      end = new Place.Failed("readlink(" + at.path() + "): " + failed.error());
    } else {
      here = at;
    }
  }

  private void follow(Step link, String target) {
    if (++linksFollowed > MAX_LINKS) {
      end = new Place.Failed("too many symbolic links, the last one " + link.path());
      return;
    }
    if (target.startsWith("/")) {
      here = new Step(null, "", rootMount, null, null);
    }
    names = target + rest();
    next = 0;
  }

  private Step topmost(Step step) {
    Step top = step;
    Optional<Mount> over = table.on(top.mount(), top.path());
    for (int i = table.mounts().size(); over.isPresent() && i > 0; i--) {
      top = new Step(top.above(), top.path(), over.get(), top.crossed(), null);
      over = table.on(top.mount(), top.path());
    }
    return top;
  }

  private boolean isTouchable(Step step) {
    return step.crossed() == null
        && step.hidden() == null
        && (kind(step.mount()) == MountKind.LOCAL || MountTable.same(step.mount(), rootMount));
  }

  private @Nullable Mount crossedBelow(Step step) {
    boolean remote =
        kind(step.mount()) == MountKind.REMOTE && !MountTable.same(step.mount(), rootMount);
    return step.crossed() == null && remote ? step.mount() : step.crossed();
  }

  private Place place(String path) {
    Mount mount = here.mount();
    Mount crossed = here.crossed();
    if (kind(mount) != MountKind.LOCAL) {
      return new Place.Network(mount);
    }
    if (crossed != null && !path.equals(mount.mountPoint())) {
      return new Place.Failed(path + " lies beyond the remote mount " + crossed.mountPoint());
    }
    return new Place.Local(mount, path.isEmpty() ? "/" : path, crossed == null);
  }

  private Place hiddenOr(Place place) {
    String name = here.hidden();
    return name == null ? place : new Place.Hidden(name, place);
  }

  private static MountKind kind(Mount mount) {
    return MountKind.of(mount.type());
  }

  /**
   * A directory on the way.
   *
   * @param above the one that it was reached from; null = it is the root directory
   * @param path without symbolic links; empty for the root directory
   * @param mount that it is on
   * @param crossed the first remote mount on the way to {@code mount}, if any
   * @param hidden the first name behind {@code mount} that may not be looked at, if any
   */
  private record Step(
      @Nullable Step above,
      String path,
      Mount mount,
      @Nullable Mount crossed,
      @Nullable String hidden) {

    Step below(String name) {
      return new Step(this, path + "/" + name, mount, crossed, hidden);
    }
  }
}
