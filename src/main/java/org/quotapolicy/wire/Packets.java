// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.quotapolicy.quota.FilesystemQuotas;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.UserQuotas;
import org.quotapolicy.wire.FromHelper.Answer;
import org.quotapolicy.wire.FromHelper.Hello;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.FromHelper.Outcome.Stage;
import org.quotapolicy.wire.FromHelper.Pong;
import org.quotapolicy.wire.ToHelper.Lookup;
import org.quotapolicy.wire.ToHelper.Next;
import org.quotapolicy.wire.ToHelper.Ping;

/**
 * Encodes and decodes packets.
 *
 * <p>A packet is one message, or several look-ups or several answers one behind the other. Buffers
 * are big-endian. Encoders write one message at the buffer's position; decoders take all that
 * remains in it as one packet.
 */
public final class Packets {
  /** Version of the packets. Any change of the layout raises it; that of HELLO never changes. */
  public static final int VERSION = 4;

  /** Length of the longest packet, in bytes. */
  public static final int MAX_PACKET = 65_536;

  /** Most messages in one packet: so many look-ups, or so many answers. */
  public static final int MAX_MESSAGES = 64;

  /** Length of the longest user name, in bytes; LOGIN_NAME_MAX of limits.h without its NUL. */
  public static final int MAX_NAME = 255;

  private static final byte HELLO = 'H';
  private static final byte LOOKUP = 'L';
  private static final byte NEXT = 'N';
  private static final byte PING = 'P';
  private static final byte PONG = 'p';
  private static final byte ANSWER = 'A';

  private static final byte FOUND = 0;
  private static final byte NO_USER = 1;
  private static final byte FAILED = 2;
  private static final byte BUSY = 3;
  private static final byte LISTED = 4;

  private static final byte NAME_SERVICE = 0;
  private static final byte TOO_LONG = 1;

  private Packets() {}

  /** Writes a message to the helper. */
  public static void encode(ToHelper packet, ByteBuffer out) {
    if (packet instanceof Lookup lookup) {
      out.put(LOOKUP).putInt(lookup.number());
      ScopePackets.encode(lookup.scope(), out);
      out.put((byte) lookup.name().length());
      putText(lookup.name(), out);
    } else if (packet instanceof Next next) {
      out.put(NEXT).putInt(next.number()).putInt(next.major()).putInt(next.minor());
      out.put((byte) next.type().number()).putInt((int) next.first());
    } else {
      out.put(PING).putInt(packet.number());
    }
  }

  /** Reads a packet to the helper: one message, or several look-ups. */
  public static List<ToHelper> decodeToHelper(ByteBuffer in) throws MalformedPacketException {
    return decode("to the helper", in, Packets::toHelper, Lookup.class);
  }

  private static ToHelper toHelper(ByteBuffer in) throws MalformedPacketException {
    byte kind = in.get();
    int number = in.getInt();
    return switch (kind) {
      case LOOKUP ->
          new Lookup(number, ScopePackets.scope(in), text(Byte.toUnsignedInt(in.get()), in));
      case NEXT ->
          new Next(
              number, in.getInt(), in.getInt(), QuotaPackets.type(in.get()), QuotaPackets.id(in));
      case PING -> new Ping(number);
      default -> throw new MalformedPacketException("unknown packet to the helper: " + kind);
    };
  }

  /** Writes a message from the helper. */
  public static void encode(FromHelper packet, ByteBuffer out) {
    if (packet instanceof Answer answer) {
      out.put(ANSWER).putInt(answer.number());
      encode(answer.outcome(), out);
    } else if (packet instanceof Pong pong) {
      out.put(PONG).putInt(pong.number());
    } else if (packet instanceof Hello hello) {
      out.put(HELLO).putShort((short) hello.version()).putInt(hello.pid());
    }
  }

  /** Reads a packet from the helper: one message, or several answers. */
  public static List<FromHelper> decodeFromHelper(ByteBuffer in) throws MalformedPacketException {
    return decode("from the helper", in, Packets::fromHelper, Answer.class);
  }

  private static FromHelper fromHelper(ByteBuffer in) throws MalformedPacketException {
    byte kind = in.get();
    return switch (kind) {
      case ANSWER -> new Answer(in.getInt(), outcome(in));
      case PONG -> new Pong(in.getInt());
      case HELLO -> new Hello(Short.toUnsignedInt(in.getShort()), in.getInt());
      default -> throw new MalformedPacketException("unknown packet from the helper: " + kind);
    };
  }

  /** Reads one message. */
  @FunctionalInterface
  private interface Decoder<T> {
    T decode(ByteBuffer in) throws MalformedPacketException;
  }

  /**
   * Reads the messages of a packet, all of it before any of them counts.
   *
   * @param several the one kind of which there may be more than one
   */
  private static <T> List<T> decode(
      String direction, ByteBuffer in, Decoder<T> decoder, Class<? extends T> several)
      throws MalformedPacketException {
    try {
      List<T> messages = new ArrayList<>();
      while (messages.isEmpty() || in.hasRemaining()) {
        T message = decoder.decode(in);
        messages.add(message);
        boolean isOneOfMany = several.isInstance(message) && several.isInstance(messages.get(0));
        if (messages.size() > (isOneOfMany ? MAX_MESSAGES : 1)) {
          throw new MalformedPacketException("too many messages in a packet " + direction);
        }
      }
      return messages;
    } catch (BufferUnderflowException e) {
      throw new MalformedPacketException("packet " + direction + " cut short");
    } catch (IllegalArgumentException e) {
      throw new MalformedPacketException("in a packet " + direction + ": " + e.getMessage());
    }
  }

  private static void encode(Outcome outcome, ByteBuffer out) {
    if (outcome instanceof Outcome.Found found) {
      encode(found.quotas(), out.put(FOUND));
    } else if (outcome instanceof Outcome.NoUser) {
      out.put(NO_USER);
    } else if (outcome instanceof Outcome.Failed failed) {
      byte stage = failed.stage() == Stage.NAME_SERVICE ? NAME_SERVICE : TOO_LONG;
      out.put(FAILED).put(stage).putInt(failed.errno());
    } else if (outcome instanceof Outcome.Listed listed) {
      QuotaPackets.encode(listed.page(), out.put(LISTED));
    } else {
      out.put(BUSY);
    }
  }

  private static Outcome outcome(ByteBuffer in) throws MalformedPacketException {
    byte kind = in.get();
    return switch (kind) {
      case FOUND -> new Outcome.Found(user(in));
      case NO_USER -> new Outcome.NoUser();
      case FAILED -> new Outcome.Failed(stage(in.get()), in.getInt());
      case BUSY -> new Outcome.Busy();
      case LISTED -> new Outcome.Listed(QuotaPackets.page(in));
      default -> throw new MalformedPacketException("unknown outcome: " + kind);
    };
  }

  private static Stage stage(byte number) throws MalformedPacketException {
    return switch (number) {
      case NAME_SERVICE -> Stage.NAME_SERVICE;
      case TOO_LONG -> Stage.ANSWER;
      default -> throw new MalformedPacketException("unknown stage: " + number);
    };
  }

  private static void encode(UserQuotas user, ByteBuffer out) {
    out.putInt((int) user.uid()).putInt((int) user.gid());
    out.putShort((short) user.home().length());
    putText(user.home(), out);
    out.putShort((short) user.filesystems().size());
    user.filesystems().forEach(filesystem -> encode(filesystem, out));
  }

  private static UserQuotas user(ByteBuffer in) throws MalformedPacketException {
    long uid = QuotaPackets.id(in);
    long gid = QuotaPackets.id(in);
    String home = text(Short.toUnsignedInt(in.getShort()), in);
    int count = Short.toUnsignedInt(in.getShort());
    List<FilesystemQuotas> filesystems = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      filesystems.add(filesystem(in));
    }
    return new UserQuotas(uid, gid, home, filesystems);
  }

  private static void encode(FilesystemQuotas filesystem, ByteBuffer out) {
    out.putInt(filesystem.major()).putInt(filesystem.minor());
    out.put((byte) filesystem.quotas().size());
    filesystem.quotas().forEach(quota -> QuotaPackets.encode(quota, out));
  }

  private static FilesystemQuotas filesystem(ByteBuffer in) throws MalformedPacketException {
    int major = in.getInt();
    int minor = in.getInt();
    int count = Byte.toUnsignedInt(in.get());
    List<Quota> quotas = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      quotas.add(QuotaPackets.quota(in));
    }
    return new FilesystemQuotas(major, minor, quotas);
  }

  private static void putText(String text, ByteBuffer out) {
    out.put(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(int length, ByteBuffer in) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
