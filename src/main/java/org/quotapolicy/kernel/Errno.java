// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.kernel;

import com.sun.jna.platform.linux.ErrNo;
import java.lang.reflect.Field;

/** Names of error numbers. Source: errno(3). */
public final class Errno {
  private Errno() {}

  /** The name of an error number, as {@code ENOENT}; the number itself if it has none. */
  public static String name(int errno) {
    for (Field field : ErrNo.class.getFields()) {
      if (valueOf(field) == errno) {
        return field.getName();
      }
    }
    return Integer.toString(errno);
  }

  private static int valueOf(Field field) {
    try {
      return field.getInt(null);
    } catch (IllegalAccessException e) {
      throw new LinkageError("ErrNo has a field that is not public", e);
    }
  }
}
