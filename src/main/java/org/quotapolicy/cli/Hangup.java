// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;

/**
 * SIGHUP, which asks the daemon to read its configuration again, and would end a JVM otherwise.
 *
 * <p>By sun.misc.Signal, since signals have no standard way into Java, and a JVM allows a native
 * handler nothing. Every JDK from 9 on exports it from its module jdk.unsupported. By reflection,
 * because the compiler's warning about it can be silenced only for all classes at once.
 */
final class Hangup {
  private final Semaphore signals = new Semaphore(0);

  private Hangup() {}

  /** Takes the signal from now on. Signals that come before somebody waits are not lost. */
  static Hangup take() {
    Hangup hangup = new Hangup();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance("HUP"),
              Proxy.newProxyInstance(
                  Hangup.class.getClassLoader(), new Class<?>[] {handler}, hangup.onSignal()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java cannot take SIGHUP", e);
    }
    return hangup;
  }

  private InvocationHandler onSignal() {
    return (proxy, method, arguments) -> {
      if (method.getName().equals("handle")) {
        signals.release();
      }
      return null;
    };
  }

  /** Waits for a signal; several that came meanwhile count as one. */
  void await() throws InterruptedException {
    signals.acquire();
    signals.drainPermits();
  }
}
