// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.quotapolicy.kernel.PacketSocket;

/** Starts fake helpers: the first plays the first script and so on, and all others the last. */
final class FakeStarter implements Starter {
  private final boolean repeatable;
  private final List<FakeHelper.Script> scripts;
  private final AtomicInteger starts = new AtomicInteger();
  private final List<FakeProcess> processes = new CopyOnWriteArrayList<>();

  private FakeStarter(boolean repeatable, FakeHelper.Script... scripts) {
    this.repeatable = repeatable;
    this.scripts = List.of(scripts);
  }

  static FakeStarter direct(FakeHelper.Script script) {
    return new FakeStarter(false, script);
  }

  static FakeStarter sudo(FakeHelper.Script... scripts) {
    return new FakeStarter(true, scripts);
  }

  int starts() {
    return starts.get();
  }

  List<FakeProcess> processes() {
    return processes;
  }

  @Override
  public boolean isRepeatable() {
    return repeatable;
  }

  @Override
  public Link start() throws IOException {
    int generation = starts.incrementAndGet();
    FakeHelper.Script script = scripts.get(Math.min(generation, scripts.size()) - 1);
    if (script == FAILS) {
      throw new IOException("no such command");
    }
    PacketSocket[] ends = PacketSocket.pair();
    FakeProcess process = new FakeProcess();
    processes.add(process);
    Thread thread = new Thread(() -> play(script, ends[1], process), "fake-helper");
    thread.setDaemon(true);
    thread.start();
    return new Link(ends[0], process);
  }

  /** A script for a command that cannot even be started. */
  static final FakeHelper.Script FAILS = helper -> {};

  private static void play(FakeHelper.Script script, PacketSocket socket, FakeProcess process) {
    try (socket) {
      script.play(new FakeHelper(socket));
    } catch (IOException e) {
      // The client hung up.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.exit(3);
  }
}
