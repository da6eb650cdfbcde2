// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.system.RegularFile;

/**
 * A text file that may change, and what it said last. Only regular files of a bounded size are
 * read.
 */
final class WatchedFile<T> {
  private final Path path;
  private final int maxSize;
  private final Function<String, T> format;
  private @Nullable Identity identity;
  private @Nullable T content;
  private @Nullable String trouble;

  /** What a look at the file has brought. */
  enum Change {
    NONE,
    /** It has new content. */
    CONTENT,
    /** It cannot be read any more, or for another reason than before. */
    TROUBLE
  }

  /** What changes whenever a file is written or replaced. */
  private record Identity(Object key, Object modified, Object changed, long size) {}

  /**
   * A file that is not read yet.
   *
   * @param format makes content of a text that has each byte as one char; never fails
   */
  WatchedFile(Path path, int maxSize, Function<String, T> format) {
    this.path = path;
    this.maxSize = maxSize;
    this.format = format;
  }

  Path path() {
    return path;
  }

  /** What it said when it could be read last; empty if it never could. */
  Optional<T> content() {
    return Optional.ofNullable(content);
  }

  /** Keeps nothing of what it said, until it changes. */
  void forget() {
    content = null;
  }

  /** Why it cannot be read now; empty if it can. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Looks at the file, and reads it if it may have changed. */
  Change refresh() {
    String before = trouble;
    try {
      trouble = null;
      return readIfChanged() ? Change.CONTENT : Change.NONE;
    } catch (IOException e) {
      identity = null;
      trouble = reason(e);
      return trouble.equals(before) ? Change.NONE : Change.TROUBLE;
    }
  }

  private boolean readIfChanged() throws IOException {
    if (identity(path).equals(identity)) {
      return false;
    }
    try (RegularFile file = RegularFile.open(path)) {
      // Of before it was read: what is written meanwhile makes another one.
      Identity now = identity(file.path());
      content = format.apply(file.text(maxSize));
      identity = now;
      return true;
    }
  }

  private static Identity identity(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new IOException("not a regular file");
    }
    return new Identity(
        Objects.requireNonNull(attributes.fileKey()),
        attributes.lastModifiedTime(),
        Objects.requireNonNull(Files.getAttribute(path, "unix:ctime")),
        attributes.size());
  }

  private String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    return e instanceof AccessDeniedException
        ? Denied.reason(path)
        : String.valueOf(e.getMessage());
  }
}
