// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import com.sun.jna.platform.linux.ErrNo;
import java.util.ArrayList;
import java.util.List;
import org.quotapolicy.kernel.Accounts;
import org.quotapolicy.kernel.Filesystem;
import org.quotapolicy.kernel.NativeFailure;
import org.quotapolicy.kernel.QuotaControl;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.Packets;

/**
 * Looks a user up: his account by getpwnam_r(3), then his quotas and those of his primary group on
 * every filesystem that may have any.
 *
 * <p>Any number of threads may use it. Without privilege the kernel tells a user only about himself
 * and his groups; the rest is then FAILED with EPERM.
 */
public final class Lookup implements NameLookup {
  private final Filesystems filesystems;

  private Lookup(Filesystems filesystems) {
    this.filesystems = filesystems;
  }

  /** Opens the mount table, to follow it from now on. */
  public static Lookup open() throws NativeFailure {
    return new Lookup(Filesystems.open());
  }

  @Override
  public Outcome byName(String name) throws NativeFailure {
    Accounts.Reply reply = Accounts.byName(name);
    if (reply instanceof Accounts.Reply.Found account) {
      return found(account);
    }
    return reply instanceof Accounts.Reply.Failed failed
        ? new Outcome.Failed(failed.errno())
        : new Outcome.NoUser();
  }

  private Outcome found(Accounts.Reply.Found account) throws NativeFailure {
    if (account.home().length() > Packets.MAX_HOME) {
      return new Outcome.Failed(ErrNo.ENAMETOOLONG);
    }
    List<FilesystemQuotas> quotas = new ArrayList<>();
    for (Filesystem filesystem : filesystems.current()) {
      FilesystemQuotas there = QuotaControl.ask(filesystem, account.uid(), account.gid());
      if (hasAny(there)) {
        quotas.add(there);
      }
    }
    if (quotas.size() > Packets.MAX_FILESYSTEMS) {
      // One left out would be taken for "no quota there".
      return new Outcome.Failed(ErrNo.EOVERFLOW);
    }
    return new Outcome.Found(new UserQuotas(account.uid(), account.gid(), account.home(), quotas));
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
