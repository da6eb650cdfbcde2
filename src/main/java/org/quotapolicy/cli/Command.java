// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a program of the system and returns what it says.
 *
 * @param words the program and its arguments
 * @param limit how long it may take
 */
record Command(List<String> words, Duration limit) {
  private static final int MAX_OUTPUT = 1 << 20;

  /** What it says, each byte as one char; it fails unless its exit status is 0. */
  String output() throws IOException {
    Process process =
        new ProcessBuilder(words)
            .redirectInput(Redirect.from(new java.io.File("/dev/null")))
            .redirectError(Redirect.DISCARD)
            .start();
    try {
      CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process));
      String text = output.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException();
      }
      if (process.exitValue() != 0) {
        throw new IOException(this + " failed with status " + process.exitValue());
      }
      return text;
    } catch (TimeoutException e) {
      throw new IOException(this + " did not end within " + limit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(this + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(this + " was interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Process process) {
    try (InputStream in = process.getInputStream()) {
      return new String(in.readNBytes(MAX_OUTPUT), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "\"" + String.join(" ", words) + "\"";
  }
}
