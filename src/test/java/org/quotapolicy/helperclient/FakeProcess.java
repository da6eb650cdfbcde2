// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helperclient;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that ends when it is told to. */
final class FakeProcess extends Process {
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private volatile boolean destroyed;

  void exit(int status) {
    this.status.complete(status);
  }

  boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public CompletableFuture<Process> onExit() {
    return status.thenApply(s -> this);
  }

  @Override
  public int waitFor() {
    return status.join();
  }

  @Override
  public boolean waitFor(long time, TimeUnit unit) {
    try {
      status.get(time, unit);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public int exitValue() {
    return status.join();
  }

  @Override
  public long pid() {
    return 4711;
  }

  @Override
  public Process destroyForcibly() {
    destroy();
    return this;
  }

  @Override
  public void destroy() {
    destroyed = true;
    exit(137);
  }

  @Override
  public OutputStream getOutputStream() {
    return OutputStream.nullOutputStream();
  }

  @Override
  public InputStream getInputStream() {
    return InputStream.nullInputStream();
  }

  @Override
  public InputStream getErrorStream() {
    return InputStream.nullInputStream();
  }
}
