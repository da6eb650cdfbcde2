// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import java.nio.ByteBuffer;
import org.quotapolicy.quota.Project;

/** The part of a packet that says which filesystems, group and project a look-up is about. */
final class ScopePackets {
  private static final byte HOME = 0;
  private static final byte DEVICE = 1;
  private static final byte ALL = 2;

  private static final byte UNNAMED = 0;
  private static final byte NUMBERED = 1;
  private static final byte OF_INODE = 2;

  private ScopePackets() {}

  static void encode(Scope scope, ByteBuffer out) {
    if (scope instanceof Scope.Device device) {
      out.put(DEVICE).putInt(device.major()).putInt(device.minor());
      encode(device.project(), out);
      out.putInt((int) device.group());
    } else {
      out.put(scope instanceof Scope.Home ? HOME : ALL).putLong(0);
    }
  }

  static Scope scope(ByteBuffer in) throws MalformedPacketException {
    byte kind = in.get();
    int major = in.getInt();
    int minor = in.getInt();
    if (kind == DEVICE) {
      return new Scope.Device(major, minor, project(in), QuotaPackets.id(in));
    }
    if ((kind != HOME && kind != ALL) || major != 0 || minor != 0) {
      throw new MalformedPacketException("unknown scope: " + kind);
    }
    return kind == HOME ? new Scope.Home() : new Scope.All();
  }

  private static void encode(Project project, ByteBuffer out) {
    if (project instanceof Project.Numbered numbered) {
      out.put(NUMBERED).putLong(numbered.id());
    } else if (project instanceof Project.OfInode of) {
      out.put(OF_INODE).putLong(of.inode());
    } else {
      out.put(UNNAMED).putLong(0);
    }
  }

  private static Project project(ByteBuffer in) throws MalformedPacketException {
    byte kind = in.get();
    long number = in.getLong();
    if (kind == OF_INODE) {
      return new Project.OfInode(number);
    }
    boolean isOne = kind == NUMBERED && number >>> Integer.SIZE == 0;
    if (!isOne && (kind != UNNAMED || number != 0)) {
      throw new MalformedPacketException("unknown project: " + kind);
    }
    return isOne ? new Project.Numbered(number) : new Project.Unnamed();
  }
}
