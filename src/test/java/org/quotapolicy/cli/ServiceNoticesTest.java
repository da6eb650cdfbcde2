// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

@Timeout(20)
class ServiceNoticesTest {
  private static final int MORE_THAN_A_QUEUE_HOLDS = 1_000;

  /** Stands for the service manager. */
  private static AFUNIXDatagramChannel listen(AFUNIXSocketAddress address) throws IOException {
    AFUNIXDatagramChannel manager = AFUNIXDatagramChannel.open();
    manager.bind(address);
    return manager;
  }

  private static ServiceNotices to(String socket) throws IOException {
    return ServiceNotices.of(Map.of("NOTIFY_SOCKET", socket));
  }

  private static String received(AFUNIXDatagramChannel manager) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1_000);
    manager.receive(buffer);
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }

  @Test
  void notices_eachOne_isADatagramAsSystemdReadsIt(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("notify");
    try (AFUNIXDatagramChannel manager = listen(AFUNIXSocketAddress.of(path))) {
      ServiceNotices notices = to(path.toString());
      notices.ready("listening");
      assertEquals("READY=1\nSTATUS=listening", received(manager));
      notices.reloading();
      assertTrue(received(manager).matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
      notices.alive();
      assertEquals("WATCHDOG=1", received(manager));
      notices.stopping();
      assertEquals("STOPPING=1\nSTATUS=ending", received(manager));
    }
  }

  @Test
  void manager_thatIsNotThereYet_isStillToMeet(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("notify");
    assertTrue(to(path.toString()).isStillToMeet());
    try (AFUNIXDatagramChannel manager = listen(AFUNIXSocketAddress.of(path))) {
      assertTrue(manager.isOpen());
      assertFalse(to(path.toString()).isStillToMeet());
    }
    assertFalse(ServiceNotices.NONE.isStillToMeet());
  }

  @Test
  void abstractSocket_isFound() throws IOException {
    String name = "quotapolicy-test-" + ThreadLocalRandom.current().nextLong(1L << 60);
    try (AFUNIXDatagramChannel manager = listen(AFUNIXSocketAddress.inAbstractNamespace(name))) {
      to("@" + name).alive();
      assertEquals("WATCHDOG=1", received(manager));
    }
  }

  @Test
  void manager_thatReadsNothing_isNotWaitedFor(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("notify");
    try (AFUNIXDatagramChannel manager = listen(AFUNIXSocketAddress.of(path))) {
      ServiceNotices notices = to(path.toString());
      for (int i = 0; i < MORE_THAN_A_QUEUE_HOLDS; i++) {
        notices.alive();
      }
      assertEquals("WATCHDOG=1", received(manager));
    }
  }

  @Test
  void manager_thatIsGone_doesNotMatter(@TempDir Path directory) throws IOException {
    to(directory.resolve("nobody").toString()).alive();
  }

  @Test
  void socket_unspecified_meansSilence() throws IOException {
    ServiceNotices.of(Map.of()).ready("listening");
    to("").ready("listening");
  }

  @Test
  void socket_tooLong_isAnError() {
    assertThrows(IOException.class, () -> to("/" + "x".repeat(200)));
  }
}
