// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.quota.Quota;
import org.quotapolicy.quota.QuotaState;
import org.quotapolicy.quota.QuotaType;

/**
 * All that one question takes by one transport: find the port, ask in the newest version, then in
 * the first; by the likeliest form of the path, then by the other.
 */
final class Track implements AutoCloseable {
  private final Inquiry inquiry;
  private final Question question;
  private final Server server;
  private final Caller caller;
  private final Transport transport;
  private final Queue<String> forms;
  private boolean portIsFresh;
  private boolean versionIsFresh;
  private boolean isOver;
  private @Nullable AutoCloseable step;

  Track(Inquiry inquiry, Server server, Caller caller, Transport transport) {
    this.inquiry = inquiry;
    this.question = inquiry.question();
    this.server = server;
    this.caller = caller;
    this.transport = transport;
    this.forms = new ArrayDeque<>(server.forms(question.export(), question.type()));
  }

  /**
   * Begins.
   *
   * @param fixed the port, if the administrator says it
   */
  void begin(OptionalInt fixed) {
    OptionalInt known = fixed.isPresent() ? fixed : server.port(transport);
    portIsFresh = fixed.isPresent();
    if (known.isPresent()) {
      ask(known.getAsInt());
    } else {
      findPort();
    }
  }

  boolean isOver() {
    return isOver;
  }

  private void findPort() {
    portIsFresh = true;
    PortSearch search = new PortSearch(caller, transport, new Found());
    step = search;
    search.next();
  }

  private void ask(int port) {
    int version = server.version();
    String form = forms.peek();
    if (form == null || (version == GetQuota.FIRST_VERSION && question.type() != QuotaType.USER)) {
      inquiry.told(Quota.off(question.type(), question.id()), transport);
      return;
    }
    step =
        caller.call(
            transport,
            port,
            GetQuota.of(version, form, question.type(), question.id(), question.credentials()),
            new Reply(port));
  }

  private void take(GetQuota.Status status, int port) {
    if (status instanceof GetQuota.Status.Ok ok) {
      server.rememberForm(question.export(), forms.element());
      inquiry.told(quota(ok.numbers()), transport);
    } else if (status instanceof GetQuota.Status.NotPermitted) {
      inquiry.notPermitted("does not tell quotas to who asks (EPERM)", transport);
    } else {
      forms.remove();
      ask(port);
    }
  }

  private Quota quota(Numbers numbers) {
    return new Quota(
        question.type(), question.id(), QuotaState.ENFORCED, 0, numbers.space(), numbers.inodes());
  }

  private void otherVersions(RpcReply.OtherVersions<?> known, int port) {
    int other = GetQuota.FIRST_VERSION + GetQuota.TYPED_VERSION - server.version();
    if (!versionIsFresh && known.lowest() <= other && other <= known.highest()) {
      versionIsFresh = true;
      server.useVersion(other);
      ask(port);
    } else {
      inquiry.failed(
          "knows rquota versions %d to %d only".formatted(known.lowest(), known.highest()),
          transport);
    }
  }

  /** Nobody is at the port any more: the service may have come back at another. */
  private void lost() {
    server.forgetPort(transport);
    if (portIsFresh) {
      over(null);
    } else {
      findPort();
    }
  }

  /** This transport leads to nothing: there is no service, or {@code why}. */
  private void over(@Nullable String why) {
    isOver = true;
    inquiry.isOver(this, why);
  }

  @Override
  public void close() {
    isOver = true;
    if (step instanceof Call<?> call) {
      call.close();
    } else if (step instanceof PortSearch search) {
      search.close();
    }
  }

  /** What the port mapper says. */
  private final class Found implements PortSearch.Ends {
    @Override
    public void found(Transport by, int port) {
      server.rememberPort(by, port);
      if (by == transport) {
        ask(port);
      } else {
        over(null);
      }
    }

    @Override
    public void unregistered() {
      inquiry.told(Quota.off(question.type(), question.id()), transport);
    }

    @Override
    public void refused() {
      over(null);
    }

    @Override
    public void failed(String why) {
      over(why);
    }
  }

  /** What the rquota service says. */
  private final class Reply implements Call.Ends<GetQuota.Status> {
    private final int port;

    private Reply(int port) {
      this.port = port;
    }

    @Override
    public void replied(RpcReply<GetQuota.Status> reply) {
      if (reply instanceof RpcReply.Success<GetQuota.Status> success) {
        take(success.result(), port);
      } else if (reply instanceof RpcReply.OtherVersions<GetQuota.Status> versions) {
        otherVersions(versions, port);
      } else if (reply instanceof RpcReply.Failure<GetQuota.Status> failure) {
        String why = "refuses to answer: " + failure.why();
        if (failure.isPermission()) {
          inquiry.notPermitted(why, transport);
        } else {
          inquiry.failed(why, transport);
        }
      } else {
        lost();
      }
    }

    @Override
    public void refused() {
      lost();
    }

    @Override
    public void failed(String why) {
      over(why);
    }
  }
}
