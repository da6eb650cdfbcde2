// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.quotapolicy.kernel.Accounts;
import org.quotapolicy.kernel.Errno;
import org.quotapolicy.system.Credentials;
import org.quotapolicy.system.NameService;

/**
 * Who an unprivileged process is to be.
 *
 * @param uid user id
 * @param gid primary group's id
 * @param socketGid group to give the policy socket to, if any
 * @param adminGid group to give the control socket to, if any
 */
record Identity(long uid, long gid, Optional<Long> socketGid, Optional<Long> adminGid) {

  /** The identity of a user, each byte of the name as one char. */
  static Identity of(String user) throws IOException {
    Accounts.Reply reply = Accounts.byName(user);
    if (reply instanceof Accounts.Reply.Found account) {
      return new Identity(account.uid(), account.gid(), Optional.empty(), Optional.empty());
    }
    throw new IOException(
        "--user \""
            + user
            + "\": "
            + (reply instanceof Accounts.Reply.Failed failed
                ? "the name service could not be asked: " + Errno.name(failed.errno())
                : "there is no such user; create him: useradd --system " + user));
  }

  /** The identity of a user, or of nobody where that user does not exist. */
  static Identity orNobody(String user) throws IOException {
    return Accounts.byName(user) instanceof Accounts.Reply.NoSuchUser ? of("nobody") : of(user);
  }

  /** Who this process is already. */
  static Identity current() {
    return new Identity(
        Credentials.userId(), Credentials.groupId(), Optional.empty(), Optional.empty());
  }

  /** The same with a group for the policy socket. */
  Identity withSocketGroup(String group) throws IOException {
    return new Identity(uid, gid, Optional.of(gid("--socket-group", group)), adminGid);
  }

  /** The same with a group for the control socket. */
  Identity withAdminGroup(String group) throws IOException {
    return new Identity(uid, gid, socketGid, Optional.of(gid("--admin-group", group)));
  }

  private static long gid(String option, String group) throws IOException {
    NameService.GroupReply reply = NameService.groupByName(group);
    if (reply instanceof NameService.GroupReply.Found found) {
      return found.gid();
    }
    throw new IOException(option + " \"" + group + "\": there is no such group");
  }

  /** Makes this process that user, with no way back. */
  void becomeForGood() throws IOException {
    long[] groups =
        Stream.of(socketGid, adminGid)
            .flatMap(Optional::stream)
            .distinct()
            .mapToLong(Long::longValue)
            .toArray();
    Credentials.becomeForGood(uid, gid, groups);
  }
}
