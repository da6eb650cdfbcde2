// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.util.ArrayDeque;
import java.util.Deque;
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

  private final MountTable table;
  private final LinkReader links;
  private final Mount rootMount;
  private final Deque<Step> steps = new ArrayDeque<>();
  private final Deque<String> rest = new ArrayDeque<>();
  private int linksFollowed;
  private @Nullable Place end;

  PathWalk(MountTable table, Mount rootMount, LinkReader links) {
    this.table = table;
    this.links = links;
    this.rootMount = rootMount;
  }

  Place walk(String path) {
    follow(path);
    while (end == null && !rest.isEmpty()) {
      step(rest.pop());
    }
    return end == null ? hiddenOr(place(here().path())) : end;
  }

  private void step(String name) {
    switch (name) {
      case "", "." -> {}
      case ".." -> up();
      default -> down(name);
    }
  }

  /** As the kernel: after {@code /..}, a mount that lies over the root directory is entered. */
  private void up() {
    if (here().hidden() != null) {
      end = new Place.Failed(((Place.Hidden) hiddenOr(place(here().path()))).reason());
      return;
    }
    if (!isTouchable(here())) {
      end = place(here().path() + "/..");
      return;
    }
    if (steps.size() > 1) {
      steps.pop();
    }
    steps.push(topmost(steps.pop()));
  }

  private void down(String name) {
    Step next = here().below(name);
    if (table.on(next.mount(), next.path()).isPresent()) {
      steps.push(topmost(new Step(next.path(), next.mount(), crossedBelow(here()), null)));
    } else if (isTouchable(next)) {
      look(next);
    } else {
      steps.push(next);
    }
  }

  private void look(Step next) {
    Symlink found = links.read(next.path());
    if (found instanceof Target link) {
      follow(next, link.path());
    } else if (found instanceof Absent) {
      end = place(next.path() + (rest.isEmpty() ? "" : "/" + String.join("/", rest)));
    } else if (found instanceof Hidden) {
      steps.push(new Step(next.path(), next.mount(), next.crossed(), next.path()));
    } else if (found instanceof Failed failed) {
      end = new Place.Failed("readlink(" + next.path() + "): " + failed.error());
    } else {
      steps.push(next);
    }
  }

  private void follow(Step link, String target) {
    if (++linksFollowed > MAX_LINKS) {
      end = new Place.Failed("too many symbolic links, the last one " + link.path());
    } else {
      follow(target);
    }
  }

  private void follow(String path) {
    if (path.startsWith("/")) {
      steps.clear();
      steps.push(new Step("", rootMount, null, null));
    }
    String[] names = path.split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      rest.push(names[i]);
    }
  }

  private Step topmost(Step step) {
    Step top = step;
    Optional<Mount> over = table.on(top.mount(), top.path());
    for (int i = table.mounts().size(); over.isPresent() && i > 0; i--) {
      top = new Step(top.path(), over.get(), top.crossed(), null);
      over = table.on(top.mount(), top.path());
    }
    return top;
  }

  private boolean isTouchable(Step step) {
    return step.crossed() == null
        && step.hidden() == null
        && (kind(step.mount()) == MountKind.LOCAL || step.mount().equals(rootMount));
  }

  private @Nullable Mount crossedBelow(Step step) {
    boolean remote = kind(step.mount()) == MountKind.REMOTE && !step.mount().equals(rootMount);
    return step.crossed() == null && remote ? step.mount() : step.crossed();
  }

  private Place place(String path) {
    Mount mount = here().mount();
    Mount crossed = here().crossed();
    if (kind(mount) != MountKind.LOCAL) {
      return new Place.Network(mount);
    }
    if (crossed != null && !path.equals(mount.mountPoint())) {
      return new Place.Failed(path + " lies beyond the remote mount " + crossed.mountPoint());
    }
    return new Place.Local(mount, path.isEmpty() ? "/" : path, crossed == null);
  }

  private Place hiddenOr(Place place) {
    String name = here().hidden();
    return name == null ? place : new Place.Hidden(name, place);
  }

  private static MountKind kind(Mount mount) {
    return MountKind.of(mount.type());
  }

  private Step here() {
    return steps.element();
  }

  /**
   * A directory on the way.
   *
   * @param path without symbolic links; empty for the root directory
   * @param mount that it is on
   * @param crossed the first remote mount on the way to {@code mount}, if any
   * @param hidden the first name behind {@code mount} that may not be looked at, if any
   */
  private record Step(String path, Mount mount, @Nullable Mount crossed, @Nullable String hidden) {

    Step below(String name) {
      return new Step(path + "/" + name, mount, crossed, hidden);
    }
  }
}
