// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.net.Inet6Address;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server's port mapper where its rquota service is. The one that is asked by UDP also says
 * what is registered for TCP, and the other way round: so that "not registered" is soon known.
 */
final class PortSearch implements AutoCloseable {
  private static final int NEWEST_RPCBIND = 4;
  private static final int OLDEST_RPCBIND = 3;

  private final Caller caller;
  private final Transport own;
  private final Ends ends;
  private final boolean ipv6;
  private final Queue<Step> steps = new ArrayDeque<>();
  private int rpcbind = NEWEST_RPCBIND;
  private @Nullable Call<?> call;

  /** How it can end. */
  interface Ends {
    /** The service is at this port. */
    void found(Transport transport, int port);

    /** It is not registered at all. */
    void unregistered();

    /** There is no port mapper. */
    void refused();

    /** It could not be told. */
    void failed(String why);
  }

  /** What to ask for next; {@code netid} is that of an address family that is not ours. */
  private record Step(Transport transport, int version, @Nullable String netid) {}

  PortSearch(Caller caller, Transport own, Ends ends) {
    this.caller = caller;
    this.own = own;
    this.ends = ends;
    this.ipv6 = caller.address() instanceof Inet6Address;
    for (Transport transport : List.of(own, own.other())) {
      steps.add(new Step(transport, GetQuota.TYPED_VERSION, null));
      steps.add(new Step(transport, GetQuota.FIRST_VERSION, null));
    }
    if (ipv6) {
      steps.add(new Step(Transport.UDP, GetQuota.TYPED_VERSION, Transport.UDP.netid()));
      steps.add(new Step(Transport.TCP, GetQuota.TYPED_VERSION, Transport.TCP.netid()));
    }
  }

  /** Asks the next question. */
  void next() {
    Step step = steps.peek();
    if (step == null) {
      ends.unregistered();
    } else {
      call = caller.call(own, caller.mapperPort(), procedure(step), new Reply(step));
    }
  }

  private Procedure<Integer> procedure(Step step) {
    if (!ipv6) {
      return PortMapper.port(GetQuota.PROGRAM, step.version(), step.transport());
    }
    String netid = step.netid() == null ? step.transport().netid() + "6" : step.netid();
    return PortMapper.address(rpcbind, GetQuota.PROGRAM, step.version(), netid);
  }

  private void take(Step step, int port) {
    if (port == 0) {
      steps.remove();
      next();
    } else if (step.netid() == null) {
      ends.found(step.transport(), port);
    } else {
      ends.failed("its rquota service is there for IPv4 only, and the mount is by IPv6");
    }
  }

  private void otherVersions(long lowest, long highest) {
    if (ipv6
        && rpcbind == NEWEST_RPCBIND
        && lowest <= OLDEST_RPCBIND
        && highest >= OLDEST_RPCBIND) {
      rpcbind = OLDEST_RPCBIND;
      next();
    } else {
      ends.failed("its port mapper knows versions " + lowest + " to " + highest + " only");
    }
  }

  @Override
  public void close() {
    if (call != null) {
      call.close();
    }
  }

  /** What the port mapper says. */
  private final class Reply implements Call.Ends<Integer> {
    private final Step step;

    private Reply(Step step) {
      this.step = step;
    }

    @Override
    public void replied(RpcReply<Integer> reply) {
      if (reply instanceof RpcReply.Success<Integer> success) {
        take(step, success.result());
      } else if (reply instanceof RpcReply.OtherVersions<Integer> versions) {
        otherVersions(versions.lowest(), versions.highest());
      } else if (reply instanceof RpcReply.Failure<Integer> failure) {
        ends.failed("its port mapper says " + failure.why());
      } else {
        ends.failed("what is at port " + caller.mapperPort() + " is no port mapper");
      }
    }

    @Override
    public void refused() {
      ends.refused();
    }

    @Override
    public void failed(String why) {
      ends.failed(why);
    }
  }
}
