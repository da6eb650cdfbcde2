// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyQuestionTest {
  @TempDir private Path directory;
  private Path path;
  private ServerSocketChannel server;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void listen() throws IOException {
    path = directory.resolve("s");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /** Takes one connection, reads the request to its end, sends the bytes and closes. */
  private CompletableFuture<String> answer(String bytes) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (SocketChannel peer = server.accept()) {
            ByteBuffer request = ByteBuffer.allocate(4096);
            String text = "";
            while (!text.endsWith("\n\n") && peer.read(request) >= 0) {
              text = StandardCharsets.UTF_8.decode(request.duplicate().flip()).toString();
            }
            peer.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)));
            return text;
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private int ask(boolean json) {
    PolicyQuestion question = new PolicyQuestion(path, Duration.ofSeconds(5));
    return question.ask("alice+x", 7, json, new PrintWriter(out), new PrintWriter(err));
  }

  @ParameterizedTest
  @CsvSource({
    "action=DUNNO, 0",
    "action=DEFER_IF_PERMIT 4.2.2 full, 1",
    "action=552 5.2.2 full, 1",
    "action=REJECT no, 1",
    "action=OK, 4",
    "action=, 4",
    "nonsense, 4"
  })
  void answer_givesStatusAndIsPrintedRaw(String answer, int status) {
    var unused = answer(answer + "\n\n");
    assertEquals(status, ask(false));
    assertEquals(answer + System.lineSeparator(), out.toString());
  }

  @Test
  void request_isThatOfPostfix() {
    CompletableFuture<String> request = answer("action=DUNNO\n\n");
    ask(false);
    String text = request.join();
    assertTrue(text.startsWith("request=smtpd_access_policy\n"), text);
    assertTrue(text.contains("\nrecipient=alice+x\n"), text);
    assertTrue(text.contains("\nsize=7\n"), text);
    assertTrue(text.endsWith("\n\n"), text);
  }

  @Test
  void json_carriesTheAction() {
    var unused = answer("action=550 5.2.2 \"full\"\n\n");
    ask(true);
    assertEquals(
        "{\"recipient\":\"alice+x\",\"action\":\"550 5.2.2 \\\"full\\\"\"}",
        out.toString().strip());
  }

  @Test
  void closedConnection_couldNotTell() {
    var unused = answer("action=DU");
    assertEquals(ExitStatus.COULD_NOT_TELL, ask(false));
    assertTrue(err.toString().contains("without a whole answer"), err.toString());
  }

  @Test
  void silence_endsAtTheTimeout() {
    PolicyQuestion question = new PolicyQuestion(path, Duration.ofMillis(100));
    PrintWriter errors = new PrintWriter(err);
    assertEquals(
        ExitStatus.COULD_NOT_TELL, question.ask("a", 0, false, new PrintWriter(out), errors));
    errors.flush();
    assertTrue(err.toString().contains("no answer"), err.toString());
  }
}
