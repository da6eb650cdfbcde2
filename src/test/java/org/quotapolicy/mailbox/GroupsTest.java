// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quotapolicy.kernel.Mount;
import org.quotapolicy.mailbox.MailboxPath.Form;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.system.FileGroup.Reply;

class GroupsTest {
  private static final long OWN = 100;

  /**
   * Each row: mailbox, {@code spool} if it is in one; option of the mount; what is there, as path,
   * octal mode and group, all else is hidden; the group that mail belongs to.
   */
  @ParameterizedTest
  @CsvSource({
    "/m/bob/,         -,     '',                                         100",
    "/m/bob/,         -,     /m/bob/tmp 40700 100,                       100",
    "/m/bob/,         -,     /m/bob/tmp 40770 8,                         100",
    "/m/bob/,         -,     /m/bob/tmp 42770 8,                           8",
    "/m/bob/,         -,     /m/bob/tmp 40770 7 /m/bob 42770 8,          100",
    "/m/bob/,         -,     /m/bob 42770 8,                               8",
    "/m/bob/,         -,     /m/bob/tmp 120777 7 /m/bob 42770 8,           8",
    "/m/bob/,         -,     /m 42775 8,                                   8",
    "/m/bob/,         -,     / 42775 8,                                  100",
    "/m/bob/,         grpid, /m/bob/tmp 40770 8,                           8",
    "/m/bob,          -,     /m/bob 100600 8,                              8",
    "/m/bob,          -,     /m/bob 100600 100 /m 42775 8,               100",
    "/m/bob,          -,     /m 40775 8,                                 100",
    "/m/bob,          -,     /m 42755 8,                                   8",
    "/m/bob,          grpid, /m 40755 8,                                   8",
    "/m/bob spool,    -,     /m/bob 100600 100 /m 42775 8,               100",
    "/m/bob spool,    -,     /m 42775 8,                                   8",
    "/m/bob spool,    -,     /m 40775 8,                                   8",
    "/m/bob spool,    -,     /m 40755 8,                                 100",
    "/m/bob spool,    -,     /m 42755 8,                                 100",
    "/m/bob spool,    grpid, /m 40755 8,                                 100",
    "/m/bob spool,    -,     /m 41777 8,                                 100",
    "/m/bob spool,    -,     /m 43777 8,                                   8",
    "/m/bob spool,    grpid, /m 41777 8,                                   8",
    "/m/x/bob spool,  -,     /m 42775 8,                                   8",
    "/m/x/bob spool,  -,     /m 40775 8,                                 100",
    "/m/bob spool,    -,     '',                                         100",
  })
  void group_ofMail_isThatOfWhoMakesItOrOfItsDirectory(
      String mailbox, String option, String there, long expected) {
    String[] words = mailbox.split(" ", -1);
    MailboxPath path =
        new MailboxPath(
            words[0], words[0].endsWith("/") ? Form.MAILDIR : Form.MBOX, words.length == 2);
    String options = option.equals("-") ? "" : option;
    Mount mount = new Mount(2, 1, 8, 2, "/", "/m", "ext4", "/dev/sda2", options);
    String resolved = words[0].replaceFirst("/$", "");
    Groups groups = new Groups((on, file) -> replies(there).getOrDefault(file, HIDDEN));
    assertEquals(expected, groups.of(path, new Place.Local(mount, resolved), account(1000)));
    assertEquals(OWN, groups.of(path, new Place.Local(mount, resolved, false), account(1000)));
  }

  private static UserQuotas account(long uid) {
    return new UserQuotas(uid, OWN, "/m/bob", List.of());
  }

  /**
   * Each row: uid of the account, mode of the spool, which has group 8; the group of an mbox that
   * is made there, and whether root makes it and gives it away.
   */
  @ParameterizedTest
  @CsvSource({
    "1000, 42755, 100, true",
    "1000, 40755, 100, true",
    "1000, 42775,   8, false",
    "1000, 43777,   8, false",
    "1000, 41777, 100, false",
    "0,    42755,   8, false",
    "0,    40755, 100, false",
    "0,    40775,   8, false",
    "0,    41777, 100, false",
  })
  void mbox_inSpoolOfRoot_isGivenAwayToOthers(long uid, String mode, long group, boolean isGiven) {
    Mount mount = new Mount(2, 1, 8, 2, "/", "/m", "ext4", "/dev/sda2", "");
    Place.Local place = new Place.Local(mount, "/m/bob");
    Map<String, Reply> spool = replies("/m %s 8".formatted(mode));
    Groups groups = new Groups((on, file) -> spool.getOrDefault(file, HIDDEN));
    MailboxPath mbox = new MailboxPath("/m/bob", Form.MBOX, true);
    assertEquals(group, groups.of(mbox, place, account(uid)));
    assertEquals(isGiven, groups.isGivenAway(mbox, place, uid));
    assertFalse(groups.isGivenAway(new MailboxPath("/m/bob", false), place, uid));
    assertFalse(groups.isGivenAway(mbox, new Place.Local(mount, "/m/x/bob"), uid));
  }

  /**
   * Each row: uid of the account, where the mbox is, what there is: path, mode, group; whether its
   * lock file will be one more inode of the account's.
   */
  @ParameterizedTest
  @CsvSource({
    "1000, spool, /m 42775 8, true",
    "1000, spool, /m 40775 8, true",
    "1000, spool, /m 41777 8, true",
    "1000, spool, /m 42755 8, false",
    "1000, spool, /m 40755 8, false",
    "1000, spool, /x 42775 8, false",
    "1000, spool, /m 42775 8 /m/bob.lock 100000 8, false",
    "0,    spool, /m 40755 8, true",
    "1000, home,  /m 40755 8, true",
    "1000, home,  /x 40755 8, true",
    "1000, home,  /m 40755 8 /m/bob.lock 100000 8, false",
  })
  void lockFile_ofUsersThatIsNotThere_isFurther(
      long uid, String where, String there, boolean expected) {
    Mount mount = new Mount(2, 1, 8, 2, "/", "/m", "ext4", "/dev/sda2", "");
    boolean isInSpool = where.equals("spool");
    MailboxPath lockFile = new MailboxPath("/m/bob", Form.LOCKED_MBOX, isInSpool).lockFile();
    Groups groups = new Groups((on, file) -> replies(there).getOrDefault(file, HIDDEN));
    assertEquals(expected, groups.isFurther(lockFile, new Place.Local(mount, "/m/bob.lock"), uid));
    Place.Local beyond = new Place.Local(mount, "/m", false);
    assertEquals(!isInSpool, groups.isFurther(lockFile, beyond, uid));
  }

  private static final Reply HIDDEN = new Reply.Failed(13);

  private static Map<String, Reply> replies(String there) {
    Map<String, Reply> replies = new HashMap<>();
    String[] words = there.split(" ", -1);
    for (int i = 0; i + 2 < words.length; i += 3) {
      int mode = Integer.parseInt(words[i + 1], 8);
      replies.put(words[i], new Reply.Known(Long.parseLong(words[i + 2]), mode));
    }
    return replies;
  }
}
