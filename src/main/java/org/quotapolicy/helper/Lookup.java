// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import com.sun.jna.platform.linux.ErrNo;
import java.util.ArrayList;
import java.util.List;
import org.quotapolicy.kernel.Accounts;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.kernel.QuotaControl;
import org.quotapolicy.kernel.QuotaPages;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Project;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.FromHelper.Outcome.Stage;
import org.quotapolicy.wire.Scope;
import org.quotapolicy.wire.ToHelper;

/**
 * Looks a user up: his account by getpwnam_r(3), then his quotas, those of his primary group or of
 * one that the scope names, and that of a project on the filesystems of the scope.
 *
 * <p>Any number of threads may use it. Without privilege the kernel tells a user only about himself
 * and his groups; the rest is then FAILED with EPERM.
 */
public final class Lookup implements QuotaLookup {
  private final Filesystems filesystems;

  private Lookup(Filesystems filesystems) {
    this.filesystems = filesystems;
  }

  /** Opens the mount table, to follow it from now on. */
  public static Lookup open() throws NativeFailure {
    return new Lookup(Filesystems.open());
  }

  @Override
  public void begin() throws NativeFailure {
    filesystems.refresh();
  }

  @Override
  public Outcome byName(String name, Scope scope) {
    Accounts.Reply reply = Accounts.byName(name);
    if (reply instanceof Accounts.Reply.Found account) {
      return found(account, scope);
    }
    return reply instanceof Accounts.Reply.Failed failed
        ? new Outcome.Failed(Stage.NAME_SERVICE, failed.errno())
        : new Outcome.NoUser();
  }

  private Outcome found(Accounts.Reply.Found account, Scope scope) {
    if (account.home().length() > UserQuotas.MAX_HOME) {
      return new Outcome.Failed(Stage.ANSWER, ErrNo.ENAMETOOLONG);
    }
    Project project =
        scope instanceof Scope.Device device ? device.project() : new Project.Unnamed();
    long group = group(scope, account.gid());
    List<FilesystemQuotas> quotas = new ArrayList<>();
    for (Mount filesystem : filesystems.within(scope, account.home())) {
      FilesystemQuotas there = ask(filesystem, account.uid(), group, project);
      if (!(scope instanceof Scope.All) || hasAny(there)) {
        quotas.add(there);
      }
    }
    if (quotas.size() > UserQuotas.MAX_FILESYSTEMS) {
      // One left out would be taken for "no quota there".
      return new Outcome.Failed(Stage.ANSWER, ErrNo.EOVERFLOW);
    }
    return new Outcome.Found(new UserQuotas(account.uid(), account.gid(), account.home(), quotas));
  }

  private static long group(Scope scope, long own) {
    boolean isNamed =
        scope instanceof Scope.Device device && device.group() != UserQuotas.OWN_GROUP;
    return isNamed ? ((Scope.Device) scope).group() : own;
  }

  @Override
  public Outcome next(ToHelper.Next question) {
    Scope.Device device =
        new Scope.Device(question.major(), question.minor(), new Project.Unnamed());
    for (Mount filesystem : filesystems.within(device, "/")) {
      return new Outcome.Listed(page(filesystem, question));
    }
    return new Outcome.Listed(QuotaPage.off(question.type()));
  }

  private QuotaPage page(Mount filesystem, ToHelper.Next question) {
    Gate gate = filesystems.gate(filesystem);
    if (!gate.enter()) {
      return QuotaPage.failed(question.type(), ErrNo.EAGAIN);
    }
    try {
      return QuotaPages.read(filesystem, question.type(), question.first());
    } finally {
      gate.leave();
    }
  }

  /** A frozen filesystem, or a dead disk, holds one thread; the others are told to try again. */
  private FilesystemQuotas ask(Mount filesystem, long uid, long gid, Project project) {
    Gate gate = filesystems.gate(filesystem);
    if (!gate.enter()) {
      return QuotaControl.failed(filesystem, uid, gid, ErrNo.EAGAIN);
    }
    try {
      return QuotaControl.ask(filesystem, uid, gid, project);
    } finally {
      gate.leave();
    }
  }

  private static boolean hasAny(FilesystemQuotas filesystem) {
    for (Quota quota : filesystem.quotas()) {
      if (quota.state() != QuotaState.OFF) {
        return true;
      }
    }
    return false;
  }
}
