// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.time.Instant;
import java.util.Optional;
import org.quotapolicy.quota.QuotaType;

/**
 * The procedure that tells a quota: RQUOTAPROC_GETQUOTA of program 100011. Source: rpcsvc/rquota.x;
 * quota-tools' rquota.x for version 2.
 */
final class GetQuota {
  static final int PROGRAM = 100_011;

  /** Knows user quotas only. */
  static final int FIRST_VERSION = 1;

  /** Knows all types. */
  static final int TYPED_VERSION = 2;

  private static final int GETQUOTA = 1;

  private GetQuota() {}

  /** What the server says. */
  sealed interface Status {

    /** Q_OK. Zeros are no limits. */
    record Ok(Numbers numbers) implements Status {}

    /** Q_NOQUOTA: no quota there, or no such path. */
    record NoQuota() implements Status {}

    /** Q_EPERM: not for these credentials. */
    record NotPermitted() implements Status {}
  }

  /**
   * The call.
   *
   * @param path of the export, as the server calls it
   * @param id the uid or gid; an unsigned 32-bit number
   */
  static Procedure<Status> of(
      int version, String path, QuotaType type, long id, Credentials credentials) {
    return new Procedure<>(
        PROGRAM,
        version,
        GETQUOTA,
        Optional.of(credentials),
        call -> writeArguments(call, version, path, type, id),
        GetQuota::status);
  }

  private static void writeArguments(
      XdrWriter call, int version, String path, QuotaType type, long id) {
    call.text(path);
    if (version == TYPED_VERSION) {
      call.number(type.number());
    }
    call.number(id);
  }

  private static Status status(XdrReader in) throws MalformedReplyException {
    return switch (in.signed()) {
      case 1 -> new Status.Ok(Numbers.read(in, Instant.now().getEpochSecond()));
      case 2 -> new Status.NoQuota();
      case 3 -> new Status.NotPermitted();
      default -> throw new MalformedReplyException("a status that there is not");
    };
  }
}
