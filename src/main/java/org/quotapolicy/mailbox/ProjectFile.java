// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.quotapolicy.kernel.Mount;

/**
 * The administrator's list of projects, read anew for each question. Source: projects(5).
 *
 * <p>A line is {@code id:directory}, {@code #} begins a comment. Lines that are otherwise are of no
 * use and skipped, and a file that cannot be read says nothing.
 */
final class ProjectFile {
  static final Path USUAL = Path.of("/etc/projects");

  /** Bytes that are read of it: some 20,000 lines. */
  static final int MOST_BYTES = 1 << 20;

  private static final long MOST_ID = 0xffff_ffffL;

  private final Path file;

  ProjectFile(Path file) {
    this.file = file;
  }

  /**
   * The project of the longest directory that holds a path; of those on the same filesystem, as
   * xfs_quota(8) stays on it when it sets a project up.
   */
  OptionalLong projectOf(Mount mount, String path) {
    String[] best = {"", ""};
    for (String line : read().split("\n", -1)) {
      String[] fields = line.split(":", 2);
      if (fields.length == 2 && isAbove(directory(fields[1]), mount, path)) {
        best = directory(fields[1]).length() > best[1].length() ? fields : best;
      }
    }
    return id(best[0]);
  }

  private static String directory(String field) {
    String name = field.strip();
    return name.length() > 1 && name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  private static boolean isAbove(String directory, Mount mount, String path) {
    return isWithin(path, directory) && isWithin(directory, mount.mountPoint());
  }

  private static boolean isWithin(String path, String directory) {
    String prefix = directory.equals("/") ? directory : directory + "/";
    return path.equals(directory) || (directory.startsWith("/") && path.startsWith(prefix));
  }

  private static OptionalLong id(String digits) {
    String number = digits.strip();
    boolean isId = number.matches("[0-9]{1,10}") && Long.parseLong(number) <= MOST_ID;
    return isId ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
  }

  private String read() {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
