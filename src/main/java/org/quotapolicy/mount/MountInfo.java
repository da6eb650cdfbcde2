// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.mount;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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
 */
public final class MountInfo {
  private final byte[] table;
  private int position;
  private int lineEnd;
  private boolean malformed;

  private MountInfo(byte[] table) {
    this.table = table;
  }

  /** The mounts of all of {@code table}, in its order. */
  public static List<Mount> parse(byte[] table) {
    return new MountInfo(table).mounts();
  }

  /** The mounts of what remains in {@code table}, which is consumed. */
  public static List<Mount> parse(ByteBuffer table) {
    byte[] bytes = new byte[table.remaining()];
    table.get(bytes);
    return parse(bytes);
  }

  private List<Mount> mounts() {
    List<Mount> mounts = new ArrayList<>();
    for (int next = 0; next < table.length; next = lineEnd + 1) {
      position = next;
      lineEnd = find('\n', next, table.length);
      malformed = false;
      Mount mount = mount();
      if (!malformed) {
        mounts.add(mount);
      }
    }
    return mounts;
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
      int digit = table[i] - '0';
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
      separator = fieldEnd - position == 1 && table[position] == '-';
      position = fieldEnd + 1;
    }
  }

  private String rest() {
    return position > lineEnd ? "" : unescaped(position, lineEnd);
  }

  /** The index of {@code end} in this line; a line that ends before it is malformed. */
  private int fieldEnd(char end) {
    int index = find(end, position, lineEnd);
    malformed |= index >= lineEnd;
    return index;
  }

  private int find(char wanted, int from, int to) {
    int i = Math.min(from, to);
    while (i < to && table[i] != wanted) {
      i++;
    }
    return i;
  }

  private String unescaped(int from, int to) {
    if (from >= to || find('\\', from, to) == to) {
      return new String(
          table, Math.min(from, to), Math.max(0, to - from), StandardCharsets.ISO_8859_1);
    }
    byte[] bytes = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      int octal = octal(i, to);
      bytes[length++] = octal < 0 ? table[i] : (byte) octal;
      i += octal < 0 ? 0 : 3;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /** The byte that the escape at {@code i} stands for, -1 if there is none. */
  private int octal(int i, int to) {
    if (table[i] != '\\' || i + 3 >= to) {
      return -1;
    }
    int value = 0;
    for (int k = 1; k <= 3; k++) {
      int digit = table[i + k] - '0';
      if (digit < 0 || digit > 7) {
        return -1;
      }
      value = value * 8 + digit;
    }
    return value > 0xff ? -1 : value;
  }
}
