// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an NFS mount is a mount of. Source: nfs_show_devname() and nfs_show_mount_options() in
 * fs/nfs/super.c of Linux.
 *
 * @param server as the administrator named it; for messages only
 * @param address of the server, as the kernel found it at the mount: no name service is asked
 * @param path of what is mounted, as the client calls it, each byte as one char (ISO 8859-1); of a
 *     bind mount or a directory below an export, the path of that
 * @param isVersion4 whether paths begin at the server's pseudo root
 */
public record Export(String server, InetAddress address, String path, boolean isVersion4) {
  /** RQ_PATHLEN of rpcsvc/rquota.x. */
  static final int LONGEST_PATH = 1024;

  private static final Pattern SOURCE =
      Pattern.compile("(\\[[^]/]*]|[^:/\\[]*):(.*)", Pattern.DOTALL);
  private static final Pattern IPV4 =
      Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");
  private static final Pattern IPV6 =
      Pattern.compile("([0-9a-fA-F:]*:[0-9a-fA-F:.]*)(?:%([0-9]{1,9}))?");

  /** Whether mounts of this type are of NFS servers. */
  public static boolean isType(String type) {
    return type.equals("nfs") || type.equals("nfs4");
  }

  /**
   * The export behind a mount; empty if it cannot be told, or is too long to be asked about.
   *
   * @param type of the filesystem, {@code nfs} or {@code nfs4}
   * @param source {@code server:/path} or {@code [2001:db8::1]:/path}
   * @param options of the filesystem, of which {@code addr=} is wanted, comma separated
   */
  public static Optional<Export> of(String type, String source, String options) {
    Matcher matcher = SOURCE.matcher(source);
    Optional<InetAddress> address = address(options);
    if (!isType(type) || !matcher.matches() || address.isEmpty()) {
      return Optional.empty();
    }
    String server = matcher.group(1).replaceAll("[\\[\\]]", "");
    String path = matcher.group(2);
    return path.length() > LONGEST_PATH
        ? Optional.empty()
        : Optional.of(new Export(server, address.get(), path, type.equals("nfs4")));
  }

  /**
   * The path as the server may call it, the likelier first. rpc.rquotad takes one without a slash
   * at its beginning for one below the pseudo root; other servers know none but absolute ones.
   */
  List<String> forms() {
    String relative = path.replaceFirst("^/+", "");
    String absolute = path.startsWith("/") ? path : "/" + path;
    return isVersion4 ? List.of(relative, absolute) : List.of(absolute, relative);
  }

  /** The server in a message. */
  String serverText() {
    String number = address.getHostAddress();
    return server.isEmpty() || server.equals(number) ? number : server + " (" + number + ")";
  }

  /** Not {@code mountaddr=}, which is mountd's, nor {@code clientaddr=}. */
  private static Optional<InetAddress> address(String options) {
    for (String option : options.split(",", -1)) {
      if (option.startsWith("addr=")) {
        return numeric(option.substring("addr=".length()));
      }
    }
    return Optional.empty();
  }

  /** Only numbers, since InetAddress would ask the name service for anything else. */
  private static Optional<InetAddress> numeric(String text) {
    try {
      Matcher four = IPV4.matcher(text);
      if (four.matches()) {
        return version4(four);
      }
      Matcher six = IPV6.matcher(text);
      return six.matches() ? Optional.of(version6(six)) : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static Optional<InetAddress> version4(Matcher numbers) throws UnknownHostException {
    byte[] bytes = new byte[4];
    for (int i = 0; i < bytes.length; i++) {
      int number = Integer.parseInt(numbers.group(i + 1));
      if (number > 0xff) {
        return Optional.empty();
      }
      bytes[i] = (byte) number;
    }
    return Optional.of(InetAddress.getByAddress(bytes));
  }

  private static InetAddress version6(Matcher text) throws UnknownHostException {
    InetAddress address = InetAddress.getByName("[" + text.group(1) + "]");
    String scope = text.group(2);
    return scope == null || !(address instanceof Inet6Address)
        ? address
        : Inet6Address.getByAddress(null, address.getAddress(), Integer.parseInt(scope));
  }
}
