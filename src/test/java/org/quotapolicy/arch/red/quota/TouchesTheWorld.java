// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.arch.red.quota;

/** Breaks the rules on purpose: a pure package reads the clock and knows every library. */
final class TouchesTheWorld {
  long now = System.currentTimeMillis();
  Class<?> jna = com.sun.jna.Native.class;
  Class<?> junixsocket = org.newsclub.net.unix.AFUNIXSocket.class;
  Class<?> picocli = picocli.CommandLine.class;
  Class<?> json = com.grack.nanojson.JsonWriter.class;
}
