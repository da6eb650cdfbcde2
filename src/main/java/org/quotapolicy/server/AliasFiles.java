// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.server;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quotapolicy.policy.AliasFile;
import org.quotapolicy.policy.AliasTarget;
import org.quotapolicy.policy.Aliases;
import org.quotapolicy.server.WatchedFile.Change;
import org.quotapolicy.system.RegularFile;

/**
 * The alias files, looked at once a second and read again when they change, on a thread of their
 * own.
 *
 * <p>A file that cannot be read leaves in force what it said last, with one line in the log. As
 * long as a file could never be read, there are no aliases at all: nobody can tell who a recipient
 * is.
 *
 * <p>Included files are read as the daemon's own user, and only if they are regular files; what
 * their owners do to them keeps nobody waiting ({@link RegularFile}). Of one that cannot be read
 * nothing is known, so that mail to it is never refused.
 */
public final class AliasFiles implements AutoCloseable {
  /** Most bytes of an alias file, some 80,000 entries; the daemon's memory bounds it. */
  static final int MAX_FILE = 2 << 20;

  /** Most bytes of an included file; longer lists are too long to be asked for, too. */
  static final int MAX_INCLUDED = 256 << 10;

  /** Most included files. */
  static final int MAX_INCLUDES = 500;

  /** Most bytes that are kept of all included files: some 50,000 addresses. */
  static final int MAX_KEPT = 4 << 20;

  /** What a target takes besides its text. */
  private static final int TARGET_SIZE = 64;

  private static final int MAX_PROBLEMS = 5;

  private final List<WatchedFile<AliasFile>> local;
  private final List<WatchedFile<AliasFile>> virtual;
  private final Log log;
  private final Thread thread = new Thread(this::watch, "aliases");
  private final CountDownLatch lookedAt = new CountDownLatch(1);
  private final Map<String, WatchedFile<Included>> includes = new ConcurrentHashMap<>();
  private volatile @Nullable Aliases current;

  /**
   * What an included file lists.
   *
   * @param size bytes of memory that it takes at most
   */
  private record Included(List<AliasTarget> targets, int size) {
    private static Included of(String text) {
      List<AliasTarget> targets = AliasFile.ofInclude(text);
      return new Included(targets, text.length() + TARGET_SIZE * targets.size());
    }
  }

  /** Files that are not watched yet. */
  AliasFiles(List<Path> local, List<Path> virtual, Log log) {
    this.local = local.stream().map(AliasFiles::ofAliases).toList();
    this.virtual = virtual.stream().map(AliasFiles::ofVirtual).toList();
    this.log = log;
    if (local.isEmpty() && virtual.isEmpty()) {
      current = Aliases.NONE;
    }
  }

  private static WatchedFile<AliasFile> ofAliases(Path path) {
    return new WatchedFile<>(path, MAX_FILE, AliasFile::ofAliases);
  }

  private static WatchedFile<AliasFile> ofVirtual(Path path) {
    return new WatchedFile<>(path, MAX_FILE, AliasFile::ofVirtual);
  }

  /**
   * Watches files from now on.
   *
   * @param local as aliases(5)
   * @param virtual as virtual(5)
   * @param patience how long to wait for them to be read the first time; after that they come when
   *     they come
   */
  public static AliasFiles watch(List<Path> local, List<Path> virtual, Log log, Duration patience) {
    AliasFiles files = new AliasFiles(local, virtual, log);
    if (files.tables().findAny().isPresent()) {
      files.start(patience);
    }
    return files;
  }

  private void start(Duration patience) {
    thread.setDaemon(true); // a file server that does not answer must not keep the process
    thread.start();
    try {
      if (!lookedAt.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warning("alias files are slow to read; no mail is refused until they are read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether these are the files. */
  public boolean areThose(List<Path> localFiles, List<Path> virtualFiles) {
    return local.stream().map(WatchedFile::path).toList().equals(localFiles)
        && virtual.stream().map(WatchedFile::path).toList().equals(virtualFiles);
  }

  /** All that are looked at: these, and those that they include. For any thread. */
  public Set<Path> all() {
    return Stream.concat(tables(), includes.values().stream())
        .map(WatchedFile::path)
        .collect(Collectors.toSet());
  }

  /** What the files said last; empty as long as one of them could never be read. */
  public Optional<Aliases> current() {
    return Optional.ofNullable(current);
  }

  /** No file is looked at any more. */
  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        refreshSafely();
        lookedAt.countDown();
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refreshSafely() {
    try {
      refresh();
    } catch (RuntimeException e) {
      log.limited("aliases", "alias files not read: " + e);
    }
  }

  /** Looks at all files once. */
  void refresh() {
    // Counted, so that every file is looked at.
    long changed = tables().filter(this::hasNewContent).count();
    changed += includes.values().stream().filter(this::includeHasNewContent).count();
    if (changed > 0 && tables().allMatch(file -> file.content().isPresent())) {
      Map<String, List<AliasTarget>> aliases = merge(local);
      current = new Aliases(aliases, merge(virtual), included(aliases));
    }
  }

  private Stream<WatchedFile<AliasFile>> tables() {
    return Stream.concat(local.stream(), virtual.stream());
  }

  private boolean hasNewContent(WatchedFile<AliasFile> file) {
    Change change = file.refresh();
    if (change == Change.TROUBLE) {
      String state =
          file.content().isPresent()
              ? "what it said last stays in force"
              : "no mail is refused until it can be";
      log.error(file.path() + " cannot be read: " + file.trouble().orElse("") + "; " + state);
    } else if (change == Change.CONTENT) {
      file.content().ifPresent(content -> report(file.path(), content));
    }
    return change == Change.CONTENT;
  }

  private void report(Path path, AliasFile content) {
    List<String> problems = content.problems();
    problems.stream().limit(MAX_PROBLEMS).forEach(text -> log.warning(path + ": " + text));
    int more = problems.size() - MAX_PROBLEMS;
    log.info(
        "%s: read, %d aliases%s"
            .formatted(
                path,
                content.entries().size(),
                more > 0 ? ", and " + more + " more problems" : ""));
  }

  private boolean includeHasNewContent(WatchedFile<Included> file) {
    Change change = file.refresh();
    if (change == Change.TROUBLE) {
      log.warning("included file " + file.path() + " cannot be read: " + file.trouble().orElse(""));
    } else if (change == Change.CONTENT && kept() > MAX_KEPT) {
      file.forget();
      log.limited("includes", "included file " + file.path() + " not kept: all list too much");
    }
    return change == Change.CONTENT;
  }

  private long kept() {
    return includes.values().stream()
        .flatMap(file -> file.content().stream())
        .mapToLong(Included::size)
        .sum();
  }

  /** Of a name that is in several files the first file's entry counts. */
  private static Map<String, List<AliasTarget>> merge(List<WatchedFile<AliasFile>> files) {
    Map<String, List<AliasTarget>> all = new HashMap<>();
    for (WatchedFile<AliasFile> file : files) {
      file.content().ifPresent(content -> content.entries().forEach(all::putIfAbsent));
    }
    return all;
  }

  /** What included files list, and those that they include; the others are forgotten. */
  private Map<String, List<AliasTarget>> included(Map<String, List<AliasTarget>> aliases) {
    Set<String> found = new HashSet<>();
    Map<String, List<AliasTarget>> contents = new HashMap<>();
    Deque<String> names = new ArrayDeque<>();
    aliases.values().forEach(targets -> addIncludes(targets, names));
    while (!names.isEmpty() && found.size() < MAX_INCLUDES) {
      String name = names.remove();
      if (found.add(name)) {
        WatchedFile<Included> file = includes.computeIfAbsent(name, AliasFiles::include);
        includeHasNewContent(file);
        file.content().ifPresent(content -> contents.put(name, content.targets()));
        file.content().ifPresent(content -> addIncludes(content.targets(), names));
      }
    }
    includes.keySet().retainAll(found);
    return contents;
  }

  private static WatchedFile<Included> include(String name) {
    return new WatchedFile<>(path(name), MAX_INCLUDED, Included::of);
  }

  /** A name that is no path makes one that does not exist: nothing is known of that file. */
  private static Path path(String bytes) {
    try {
      byte[] name = bytes.getBytes(StandardCharsets.ISO_8859_1);
      return Path.of(new String(name, StandardCharsets.UTF_8));
    } catch (InvalidPathException e) {
      return Path.of("/nowhere/not a path");
    }
  }

  private static void addIncludes(List<AliasTarget> targets, Deque<String> names) {
    for (AliasTarget target : targets) {
      if (target instanceof AliasTarget.Include include) {
        names.add(include.path());
      }
    }
  }
}
