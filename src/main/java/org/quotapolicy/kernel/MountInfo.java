// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Parses the mount table. Source: proc(5), /proc/pid/mountinfo; fs/proc_namespace.c.
 *
 * <p>Each line is fields with one space between them:
 *
 * <pre>id parent major:minor root mount-point options [optional…] - type source super-options</pre>
 *
 * <p>A field can be empty (the source of {@code mount("", …)} is), and space, tab, newline,
 * backslash and {@code #} in a field are written as three octal digits behind a backslash. A line
 * that is not like this is skipped.
 *
 * <p>Users can make the table large, by FUSE mounts at long paths: so it is taken in pieces, and
 * what is kept is one line, no more of it than {@link #LONGEST_LINE}, and the mounts that are
 * wanted.
 */
public final class MountInfo {
  /**
   * What is read of a line, in bytes: enough for three paths of PATH_MAX with every byte escaped.
   * What follows, options of an overlay with very many layers, is cut off.
   */
  static final int LONGEST_LINE = 1 << 16;

  private final Predicate<Mount> wanted;
  private final List<Mount> mounts = new ArrayList<>();
  private final byte[] line = new byte[LONGEST_LINE];
  private int length;
  private int position;
  private boolean malformed;

  /** A table of which nothing has been read. */
  public MountInfo(Predicate<Mount> wanted) {
    this.wanted = wanted;
  }

  /** All mounts of a whole table. */
  public static List<Mount> parse(byte[] table) {
    MountInfo all = new MountInfo(mount -> true);
    all.add(ByteBuffer.wrap(table));
    return all.mounts();
  }

  /** Takes the next piece of the table, cut anywhere; it is consumed. */
  public void add(ByteBuffer piece) {
    while (piece.hasRemaining()) {
      byte next = piece.get();
      if (next == '\n') {
        endLine();
      } else if (length < LONGEST_LINE) {
        line[length++] = next;
      }
    }
  }

  /** The mounts that are wanted, in the order of the table, of which nothing follows. */
  public List<Mount> mounts() {
    endLine();
    return mounts;
  }

  private void endLine() {
    position = 0;
    malformed = false;
    Mount mount = mount();
    if (!malformed && wanted.test(mount)) {
      mounts.add(mount);
    }
    length = 0;
  }

  private Mount mount() {
    int id = number(' ');
    int parentId = number(' ');
    int major = number(':');
    int minor = number(' ');
    String root = text();
    String mountPoint = text();
    skipField(); // options of this mount
    skipOptionalFields();
    String type = text();
    String source = text();
    String superOptions = rest();
    return new Mount(id, parentId, major, minor, root, mountPoint, type, source, superOptions);
  }

  private int number(char end) {
    int fieldEnd = fieldEnd(end);
    long value = position < fieldEnd ? 0 : -1;
    for (int i = position; i < fieldEnd && value >= 0; i++) {
      int digit = line[i] - '0';
      value = digit < 0 || digit > 9 ? -1 : value * 10 + digit;
      if (value > Integer.MAX_VALUE) {
        value = -1;
      }
    }
    malformed |= value < 0;
    position = fieldEnd + 1;
    return (int) value;
  }

  private String text() {
    int fieldEnd = fieldEnd(' ');
    String text = unescaped(position, fieldEnd);
    position = fieldEnd + 1;
    return text;
  }

  private void skipField() {
    position = fieldEnd(' ') + 1;
  }

  private void skipOptionalFields() {
    boolean separator = false;
    while (!separator && !malformed) {
      int fieldEnd = fieldEnd(' ');
      separator = fieldEnd - position == 1 && line[position] == '-';
      position = fieldEnd + 1;
    }
  }

  private String rest() {
    return position > length ? "" : unescaped(position, length);
  }

  /** The index of {@code end} in this line; a line that ends before it is malformed. */
  private int fieldEnd(char end) {
    int index = find(end, position, length);
    malformed |= index >= length;
    return index;
  }

  private int find(char wanted, int from, int to) {
    int i = Math.min(from, to);
    while (i < to && line[i] != wanted) {
      i++;
    }
    return i;
  }

  private String unescaped(int from, int to) {
    if (from >= to || find('\\', from, to) == to) {
      return new String(
          line, Math.min(from, to), Math.max(0, to - from), StandardCharsets.ISO_8859_1);
    }
    byte[] bytes = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      int octal = octal(i, to);
      bytes[length++] = octal < 0 ? line[i] : (byte) octal;
      i += octal < 0 ? 0 : 3;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /** The byte that the escape at {@code i} stands for, -1 if there is none. */
  private int octal(int i, int to) {
    if (line[i] != '\\' || i + 3 >= to) {
      return -1;
    }
    int value = 0;
    for (int k = 1; k <= 3; k++) {
      int digit = line[i + k] - '0';
      if (digit < 0 || digit > 7) {
        return -1;
      }
      value = value * 8 + digit;
    }
    return value > 0xff ? -1 : value;
  }
}
