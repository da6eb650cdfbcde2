// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The built package, and what it leaves behind. */
final class DebianPackage {
  private static final String BUILT =
      "$(ls /lab/repo/target/quotapolicy_*_$(dpkg --print-architecture).deb)";

  /** What an administrator could find of a package, each with all that is next to it. */
  private static final String TRACES =
      """
      find /etc /usr/bin /usr/lib/quotapolicy /usr/lib/systemd /lib/systemd /var/lib/systemd \
        /var/spool /var/lib/dpkg/info /usr/share/doc /usr/share/man /usr/share/lintian \
        /usr/share/bash-completion -maxdepth 4 2>/dev/null | grep -v -e '/etc/[a-z]*-$' -e /spool/postfix/pid/ \
        -e /systemd/linger
      find /run -name '*quotapolicy*' -not -path '*/cgroup/*' -not -path '/run/deb/*'
      cut -d: -f1 /etc/passwd /etc/group
      dpkg-query -W -f '${Package} ${db:Status-Status}\\n' quotapolicy 2>/dev/null
      dpkg-statoverride --list
      ! [ -d /run/systemd/system ] || systemctl list-unit-files --no-legend --no-pager
      pgrep -u quotapolicy,quotapolicy-helper
      true""";

  private DebianPackage() {}

  /** Installs it as an administrator does, without a network: no lists, which take apt long. */
  static void install() {
    Guest.must("mkdir -p /run/deb/lists/partial && cp " + BUILT + " /run/deb/quotapolicy.deb");
    Guest.must(
        "apt-get -q -y -o DPkg::Use-Pty=0 -o Dir::State::lists=/run/deb/lists"
            + " install /run/deb/quotapolicy.deb");
  }

  /** Installs the same again, as version 99. */
  static void upgrade() {
    Guest.must(
        """
        cd /run/deb
        dpkg-deb --raw-extract quotapolicy.deb tree
        sed -i 's/^Version: .*/Version: 99/' tree/DEBIAN/control
        dpkg-deb -Znone --build tree newer.deb
        rm -r tree""");
    Guest.must("dpkg --install /run/deb/newer.deb");
    assertEquals("99", Guest.must("dpkg-query -W -f '${Version}' quotapolicy"));
  }

  static void remove() {
    Guest.must("dpkg --remove quotapolicy");
  }

  static void purge() {
    Guest.must("dpkg --purge quotapolicy");
  }

  /** Its control socket is where root's {@code status} looks for it without any option. */
  static void assertTellsItsStatus(long pid) {
    Guest.Result status = Guest.run("quotapolicy", "status", "--json");
    assertEquals(0, status.status(), status::text);
    assertEquals(pid, Check.parse(status).getLong("pid"), status::text);
  }

  /** A doctor who finds errors on a host where nothing is wrong is not believed elsewhere. */
  static void assertDoctorFindsNoError() {
    Guest.Result doctor = Guest.run("quotapolicy", "doctor", "--all");
    assertEquals(0, doctor.status(), doctor::text);
  }

  /** What is there now and was not before, or the other way round. */
  static Set<String> tracesSince(Set<String> before) {
    Set<String> more = traces();
    Set<String> fewer = new TreeSet<>(before);
    fewer.removeAll(more);
    more.removeAll(before);
    more.addAll(fewer);
    return more;
  }

  /** Everything that the package could leave behind. */
  static Set<String> traces() {
    return new TreeSet<>(List.of(Guest.must(TRACES).split("\n")));
  }
}
