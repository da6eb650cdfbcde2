// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaPage;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;
import org.quotapolicy.quota.ResourceQuota;

/** The parts of packets that are quotas: one of them, or a page of one type and state. */
final class QuotaPackets {
  private QuotaPackets() {}

  static void encode(QuotaPage page, ByteBuffer out) {
    out.put((byte) page.type().number()).put((byte) page.state().number()).putInt(page.errno());
    out.putInt((int) page.next()).putShort((short) page.quotas().size());
    for (Quota quota : page.quotas()) {
      out.putInt((int) quota.id());
      encode(quota.space(), out);
      encode(quota.inodes(), out);
    }
  }

  static QuotaPage page(ByteBuffer in) throws MalformedPacketException {
    QuotaType type = type(in.get());
    QuotaState state = state(in.get());
    int errno = in.getInt();
    long next = id(in);
    int count = Short.toUnsignedInt(in.getShort());
    List<Quota> quotas = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      quotas.add(new Quota(type, id(in), state, 0, resource(in), resource(in)));
    }
    return new QuotaPage(type, state, errno, quotas, next);
  }

  static void encode(Quota quota, ByteBuffer out) {
    out.put((byte) quota.type().number()).putInt((int) quota.id());
    out.put((byte) quota.state().number()).putInt(quota.errno());
    encode(quota.space(), out);
    encode(quota.inodes(), out);
  }

  static Quota quota(ByteBuffer in) throws MalformedPacketException {
    QuotaType type = type(in.get());
    long id = id(in);
    QuotaState state = state(in.get());
    return new Quota(type, id, state, in.getInt(), resource(in), resource(in));
  }

  static long id(ByteBuffer in) {
    return Integer.toUnsignedLong(in.getInt());
  }

  static QuotaType type(byte number) throws MalformedPacketException {
    return switch (number) {
      case 0 -> QuotaType.USER;
      case 1 -> QuotaType.GROUP;
      case 2 -> QuotaType.PROJECT;
      default -> throw new MalformedPacketException("unknown quota type: " + number);
    };
  }

  private static QuotaState state(byte number) throws MalformedPacketException {
    return switch (number) {
      case 0 -> QuotaState.OFF;
      case 1 -> QuotaState.ACCOUNTED;
      case 2 -> QuotaState.ENFORCED;
      case 3 -> QuotaState.FAILED;
      case 4 -> QuotaState.UNASKED;
      default -> throw new MalformedPacketException("unknown quota state: " + number);
    };
  }

  private static void encode(ResourceQuota resource, ByteBuffer out) {
    out.putLong(resource.usage()).putLong(resource.softLimit());
    out.putLong(resource.hardLimit()).putLong(resource.graceExpiry());
  }

  private static ResourceQuota resource(ByteBuffer in) {
    return new ResourceQuota(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }
}
