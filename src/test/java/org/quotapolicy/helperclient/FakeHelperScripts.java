// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.IOException;
import java.util.List;
import org.quotapolicy.wire.FromHelper.Answer;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.ToHelper;
import org.quotapolicy.wire.ToHelper.Lookup;
import org.quotapolicy.wire.ToHelper.Ping;

/** Helpers that do not do all that they should. */
final class FakeHelperScripts {
  private FakeHelperScripts() {}

  /** Ends as soon as it is asked for anybody. */
  static void refuseLookups(FakeHelper helper) throws IOException {
    helper.hello();
    helper.next();
  }

  static void answerTwice(FakeHelper helper) throws IOException {
    helper.hello();
    for (ToHelper packet = helper.next(); packet != null; packet = helper.next()) {
      helper.answer(packet);
      helper.answer(packet);
    }
  }

  static void answerPingsOnly(FakeHelper helper) throws IOException {
    helper.hello();
    for (ToHelper packet = helper.next(); packet != null; packet = helper.next()) {
      if (packet instanceof Ping) {
        helper.answer(packet);
      }
    }
  }

  static void answerFirstAfterSecond(FakeHelper helper) throws IOException {
    helper.hello();
    ToHelper first = helper.next();
    ToHelper second = helper.next();
    while (second instanceof Ping) {
      helper.answer(second);
      second = helper.next();
    }
    helper.answer(first);
    helper.answer(second);
    helper.serve();
  }

  static void forgetUserOne(FakeHelper helper) throws IOException {
    helper.hello();
    for (ToHelper packet = helper.next(); packet != null; packet = helper.next()) {
      if (!(packet instanceof Lookup lookup && lookup.name().equals("u1"))) {
        helper.answer(packet);
      }
    }
  }

  /** Behaves, and notes what it is asked. */
  static void note(FakeHelper helper, List<Lookup> lookups) throws IOException {
    helper.hello();
    noteAndServe(helper, lookups);
  }

  static void noteAndServe(FakeHelper helper, List<Lookup> lookups) throws IOException {
    for (ToHelper packet = helper.next(); packet != null; packet = helper.next()) {
      if (packet instanceof Lookup lookup) {
        lookups.add(lookup);
      }
      helper.answer(packet);
    }
  }

  static void beBusyTwice(FakeHelper helper) throws IOException {
    helper.hello();
    int lookups = 0;
    for (ToHelper packet = helper.next(); packet != null; packet = helper.next()) {
      if (packet instanceof Lookup && ++lookups <= 2) {
        helper.say(new Answer(packet.number(), new Outcome.Busy()));
      } else {
        helper.answer(packet);
      }
    }
  }

  /** Takes all look-ups in and answers nothing at all. */
  static void swallow(FakeHelper helper) throws IOException {
    helper.hello();
    ToHelper packet = helper.next();
    while (packet != null) {
      packet = helper.next();
    }
  }
}
