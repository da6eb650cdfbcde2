// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.quotapolicy.quota.QuotaType;

/**
 * What is known about one server, and the questions to it. Only the loop's thread uses it, but for
 * {@link #status}.
 */
final class Server {
  /** Questions under way at once. */
  static final int MOST_UNDER_WAY = 32;

  /** Paths of which it is remembered how the server calls them. */
  private static final int MOST_FORMS = 1_024;

  private final String name;
  private final InetAddress address;
  private final Breaker breaker = new Breaker();
  private final Map<Transport, Integer> ports = new EnumMap<>(Transport.class);
  private final Deque<Inquiry> waiting = new ArrayDeque<>();
  private final Map<String, String> forms =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_FORMS;
        }
      };

  private int version = GetQuota.TYPED_VERSION;
  private Transport transport = Transport.UDP;
  private volatile ServerStatus status;

  Server(Export export) {
    this.name = export.serverText();
    this.address = export.address();
    this.status = new ServerStatus(name, false, Instant.now(), 0, 0, 0, 0);
  }

  String name() {
    return name;
  }

  InetAddress address() {
    return address;
  }

  Breaker breaker() {
    return breaker;
  }

  /** Those that are not sent yet, the next one first. */
  Deque<Inquiry> waiting() {
    return waiting;
  }

  /** For any thread. */
  ServerStatus status() {
    return status;
  }

  boolean isIdle() {
    return status.underWay() == 0 && waiting.isEmpty();
  }

  boolean hasRoom() {
    return status.underWay() < MOST_UNDER_WAY;
  }

  /** The port of its rquota service, if it is known. */
  OptionalInt port(Transport by) {
    Integer port = ports.get(by);
    return port == null ? OptionalInt.empty() : OptionalInt.of(port);
  }

  void rememberPort(Transport by, int port) {
    ports.put(by, port);
  }

  void forgetPort(Transport by) {
    ports.remove(by);
  }

  /** The version of the protocol that it is taken to know. */
  int version() {
    return version;
  }

  void useVersion(int other) {
    version = other;
  }

  /** What it is asked by first: what it answered by the last time. */
  Transport transport() {
    return transport;
  }

  /**
   * How to call a path, in the order in which to try. One that was right before is the only one for
   * group quotas, as they are mostly off; if it is wrong now, a question for a user finds out.
   */
  List<String> forms(Export export, QuotaType type) {
    String known = forms.get(key(export));
    if (known == null) {
      return export.forms();
    }
    List<String> all = new ArrayList<>(List.of(known));
    if (type == QuotaType.USER) {
      export.forms().stream().filter(form -> !form.equals(known)).forEach(all::add);
    }
    return all;
  }

  /** This form was right. */
  void rememberForm(Export export, String form) {
    forms.put(key(export), form);
  }

  private static String key(Export export) {
    return (export.isVersion4() ? "4:" : "3:") + export.path();
  }

  /** A question is sent. */
  void asked() {
    count(1, 0, 0);
  }

  /** A question had an answer; true if it was left alone until now. */
  boolean answered(Transport by) {
    boolean wasOpen = breaker.isOpen();
    transport = by;
    breaker.answered();
    count(0, 1, 0);
    return wasOpen;
  }

  /** A question had none; true if it is left alone from now on. */
  boolean unanswered(long now) {
    boolean wasOpen = breaker.isOpen();
    ports.clear(); // it may have come back at another, and as another
    version = GetQuota.TYPED_VERSION;
    breaker.unanswered(now);
    count(0, 0, 1);
    return !wasOpen && breaker.isOpen();
  }

  private void count(int asked, int answered, int unanswered) {
    ServerStatus old = status;
    status =
        new ServerStatus(
            name,
            breaker.isOpen(),
            old.isLeftAlone() == breaker.isOpen() ? old.since() : Instant.now(),
            old.asked() + asked,
            old.answered() + answered,
            old.unanswered() + unanswered,
            old.underWay() + asked - answered - unanswered);
  }
}
