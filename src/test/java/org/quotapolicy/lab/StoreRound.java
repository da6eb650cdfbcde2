// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.quotapolicy.lab.Policy.Verdict;
import org.quotapolicy.lab.StoreDisk.Kind;
import org.quotapolicy.lab.Stores.Limits;
import org.quotapolicy.lab.Stores.Usage;

/** Messages at random on one filesystem: each is asked about, and then really stored. */
final class StoreRound {
  private static final int CASES = 100;
  private static final long MIB = 1 << 20;

  /** Near what XFS reserves to create a file. */
  private static final long CREATION = 192 << 10;

  private final StoreTrials trials;
  private final Stores stores;
  private final StoreDisk disk;
  private final SplittableRandom random;
  private final List<String> disagreements = new ArrayList<>();
  private final boolean isMbox;
  private int accepted;
  private int refused;
  private int untold;
  private int inPieces;
  private int atOnce;
  private int moved;
  private boolean hasNoGrace;

  StoreRound(StoreTrials trials, StoreDisk disk, SplittableRandom random) {
    this.trials = trials;
    this.stores = trials.stores();
    this.disk = disk;
    this.random = random;
    this.isMbox = random.nextBoolean();
  }

  /**
   * A message.
   *
   * @param stored bytes that it comes to
   * @param chunk bytes written at once
   * @param limits in force, by quota type
   * @param used bytes that the user had before, on the whole filesystem
   * @param text for who looks into a disagreement
   * @param isHidden whether the project that it is charged to is not to be found out
   */
  private record Case(
      StoreUser user,
      long stored,
      int chunk,
      Map<Integer, Limits> limits,
      long used,
      String text,
      boolean isHidden) {}

  /** What came of it: how many were which, and a text for each disagreement. */
  StoreTally tally() {
    return new StoreTally(accepted, refused, untold, inPieces, atOnce, disagreements);
  }

  boolean isMbox() {
    return isMbox;
  }

  void run() {
    trials.storeMailIn(isMbox ? "%h/tmp/mbox" : "%h/");
    for (int type : disk.kind().types()) {
      long space = grace();
      hasNoGrace |= space == 0;
      stores.grace(disk.device(), type, space, grace());
    }
    for (StoreUser user : StoreUser.ALL) {
      stores.files(user.home(), random.nextInt(6), user);
    }
    for (int i = 0; i < CASES; i++) {
      StoreUser user = StoreUser.ALL.get(random.nextInt(StoreUser.ALL.size()));
      if (random.nextInt(8) == 0) {
        fill(user);
      }
      if (isMbox && random.nextInt(3) == 0) {
        changeMbox(user);
      }
      attempt(user);
    }
  }

  /**
   * None, or so long that no timer ends while a message is stored. On XFS a timer lasts until its
   * second is over, even if there is no grace.
   */
  private long grace() {
    return switch (random.nextInt(3)) {
      case 0 -> disk.kind().isXfs() ? 60 : 0;
      case 1 -> 604_800;
      default -> random.nextLong(60, Integer.MAX_VALUE);
    };
  }

  private void fill(StoreUser user) {
    for (int type : disk.kind().types()) {
      stores.limit(disk.device(), type, disk.kind().id(type, user), Limits.NONE);
    }
    stores.fill(user.home() + "/fill", random.nextLong(2 * MIB), user);
  }

  /** There is none, or one that was made at once; without either, one that has grown. */
  private void changeMbox(StoreUser user) {
    for (int type : disk.kind().types()) {
      stores.limit(disk.device(), type, disk.kind().id(type, user), Limits.NONE);
    }
    if (mbox(user).toFile().exists()) {
      File kept = new File(StoreDisk.MOUNT_POINT, "old" + ++moved);
      assertTrue(mbox(user).toFile().renameTo(kept), kept.toString());
      trim(kept);
    } else {
      // Not by fallocate(2): XFS never takes back what such a file has beyond its end.
      long size = 1 + random.nextLong(100_000);
      assertTrue(stores.letsAppend(mbox(user).toString(), size, 1 << 17, user, disk));
      // Private, as Postfix makes it: that hides whose project's it is.
      assertTrue(mbox(user).toFile().setReadable(false, false));
      assertTrue(mbox(user).toFile().setReadable(true, true));
    }
  }

  /**
   * Takes back what XFS gave it beyond its end. Of other files than the one that grows, the kernel
   * does so before it refuses, and the daemon cannot know how much that would be.
   */
  private static void trim(File file) {
    try (RandomAccessFile open = new RandomAccessFile(file, "rw")) {
      open.setLength(open.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void trimOthers(StoreUser user) {
    StoreUser.ALL.stream()
        .filter(other -> !other.equals(user) && mbox(other).toFile().exists())
        .forEach(other -> trim(mbox(other).toFile()));
  }

  private static Path mbox(StoreUser user) {
    return Path.of(user.home(), "tmp/mbox");
  }

  private void attempt(StoreUser user) {
    long size = size();
    long stored = Math.max(size, 1) + Kernel.ADDED_BY_DELIVERY;
    StringBuilder text = new StringBuilder("%s size=%d".formatted(user, size));
    if (isMbox) {
      trimOthers(user);
      text.append(" mbox=")
          .append(mbox(user).toFile().exists() ? mbox(user).toFile().length() : -1);
    }
    Map<Integer, Limits> all = new HashMap<>();
    for (int type : disk.kind().types()) {
      Usage usage = stores.usage(disk.device(), type, disk.kind().id(type, user));
      long id = disk.kind().id(type, user);
      Limits limits = random.nextInt(5) == 0 ? Limits.NONE : limits(usage, stored, id);
      stores.limit(disk.device(), type, id, limits);
      all.put(type, limits);
      text.append(" type=%d %s %s".formatted(type, usage, limits));
    }
    boolean isHidden = isMbox && disk.kind().hidesProjectOfFiles() && isPrivate(mbox(user));
    long used = stores.usage(disk.device(), StoreDisk.USER, user.uid()).space();
    Policy.Answer answer = trials.policy().ask(user.name(), size);
    int chunk = random.nextBoolean() ? 4096 : 1 + random.nextInt(1 << 17);
    compare(new Case(user, stored, chunk, all, used, text.toString(), isHidden), answer);
  }

  private static boolean isPrivate(Path file) {
    try {
      return Files.exists(file)
          && !Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compare(Case one, Policy.Answer answer) {
    long before = isMbox ? mbox(one.user).toFile().length() : 0;
    boolean fits = isStored(one);
    if (fits) {
      accepted++;
    } else {
      refused++;
    }
    if (answer.verdict() == Verdict.UNKNOWN) {
      untold++;
    }
    if (!isRight(one, fits, answer.verdict())
        && !(answer.verdict() == Verdict.ACCEPT && takesAListOfPieces(one))
        && !(answer.verdict() == Verdict.REFUSE && fits && isListedAtOnce(before + one.stored))) {
      disagreements.add(
          "%s, chunk %d: the kernel %s, the daemon said %s%n"
              .formatted(one.text, one.chunk, fits ? "stored it" : "refused it", answer.action()));
    }
  }

  private boolean isStored(Case one) {
    return isMbox
        ? stores.letsDeliver(mbox(one.user).toString(), one.stored, one.chunk, one.user, disk)
        : stores.letsStore(one.user.home() + "/tmp", one.stored, one.chunk, one.user, disk);
  }

  /** The attempt before may have left the list there: what was taken back is only the data. */
  private boolean takesAListOfPieces(Case one) {
    if (disk.kind() != Kind.EXT4_JOURNALED) {
      return false;
    }
    File file = isMbox ? mbox(one.user).toFile() : new File(one.user.home(), "tmp/pieces");
    long block = disk.kind().blockSize();
    one.limits.forEach((type, limits) -> addBlock(type, disk.kind().id(type, one.user), limits));
    long size = file.length();
    boolean fits =
        isMbox
            ? isStored(one)
            : stores.letsAppend(file.toString(), one.stored, one.chunk, one.user, disk);
    long taken = stores.usage(disk.device(), StoreDisk.USER, one.user.uid()).space() - one.used;
    long data = (size + one.stored + block - 1) / block - (size + block - 1) / block;
    boolean isSo = fits && taken == (data + 1) * block;
    assertTrue(isMbox || !fits || file.delete(), file.toString());
    inPieces += isSo ? 1 : 0;
    return isSo;
  }

  /** Without grace the first of two blocks starts a timer that refuses the second one. */
  private void addBlock(int type, long id, Limits limits) {
    long used = stores.usage(disk.device(), type, id).space();
    boolean mayPass = hasNoGrace && limits.spaceTimer().equals("0");
    Limits base = mayPass ? limits.withSoftSpaceFrom(used) : limits;
    stores.limit(disk.device(), type, id, base.withMoreSpace(disk.kind().blockSize()));
  }

  /** The first of the blocks that another one lists: after 12 of the inode and 256 of each. */
  private boolean isListedAtOnce(long size) {
    long last = (size + disk.kind().blockSize() - 1) / disk.kind().blockSize() - 1;
    boolean isSo = disk.kind() == Kind.EXT2_1K && hasNoGrace && last >= 12 && last % 256 == 12;
    atOnce += isSo ? 1 : 0;
    return isSo;
  }

  private static boolean isRight(Case one, boolean fits, Verdict said) {
    return one.isHidden
        ? said == Verdict.UNKNOWN || (said == Verdict.REFUSE && !fits)
        : said == (fits ? Verdict.ACCEPT : Verdict.REFUSE);
  }

  private long size() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> 1 + random.nextInt(5);
      case 2, 3, 4 -> // at the edge of a block
          Math.max(
              0,
              random.nextLong(1, 300) * disk.kind().blockSize()
                  - Kernel.ADDED_BY_DELIVERY
                  + random.nextInt(-2, 3));
      default -> (long) Math.exp(random.nextDouble(5, 14));
    };
  }

  private Limits limits(Usage usage, long stored, long id) {
    long block = disk.kind().blockSize();
    long need = (stored + block - 1) / block * block;
    long hard = random.nextInt(3) == 0 ? 0 : spaceLimit(usage.space(), need);
    long soft = random.nextInt(5) < 2 ? 0 : spaceLimit(usage.space(), need);
    long hardInodes = random.nextInt(4) != 0 ? 0 : inodeLimit(usage.inodes());
    long softInodes = random.nextInt(4) != 0 ? 0 : inodeLimit(usage.inodes());
    return new Limits(soft, hard, softInodes, hardInodes, timer(id), timer(id));
  }

  /** In units of 512 bytes. */
  private long spaceLimit(long usage, long need) {
    long around =
        switch (random.nextInt(6)) {
          case 0, 1, 2 -> usage + need + (long) random.nextInt(-3, 4) * disk.kind().blockSize();
          case 3 -> usage + reserve(need);
          case 4 -> usage - random.nextInt(0, 20) * 1024L;
          default -> usage + random.nextLong(2 * MIB);
        };
    long units = Math.max(1, around / 512 + (random.nextInt(3) == 0 ? random.nextInt(-2, 3) : 0));
    // Only XFS keeps half KiB: others read a limit from their disk in whole ones, as setquota(8)
    // gives them, and Q_GETQUOTA tells them so.
    return disk.kind().isXfs() ? units : (units + 1) / 2 * 2;
  }

  /** With parent pointers XFS also wants some when all of a message is written. */
  private long reserve(long need) {
    return disk.kind().hasParentPointers()
        ? (random.nextBoolean() ? need : 0) + random.nextInt(150, 420) * 1024L
        : CREATION + random.nextInt(-40, 41) * 1024L;
  }

  private long inodeLimit(long usage) {
    return Math.max(1, usage + random.nextInt(-2, 4));
  }

  /** One of id 0 the kernel takes for the grace period of all (quota_setxquota()). */
  private String timer(long id) {
    return id == 0
        ? "-"
        : switch (random.nextInt(4)) {
          case 0 -> "-";
          case 1 -> "0";
          case 2 -> "3600";
          default -> "-10";
        };
  }
}
