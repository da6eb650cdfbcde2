// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.rquota;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportTest {
  /** Sources and options as Linux 6.1 writes them into mountinfo. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          nfs  | nas:/srv/nfs        | rw,vers=3,mountaddr=10.0.0.9,addr=10.0.0.1      | nas       | 10.0.0.1        | /srv/nfs
          nfs4 | 10.0.0.1:/alice     | rw,clientaddr=10.0.0.2,local_lock=none,addr=10.0.0.1 | 10.0.0.1 | 10.0.0.1   | /alice
          nfs4 | [fd77:1::1]:/a:/b   | addr=fd77:1::1                                  | fd77:1::1 | fd77:1:0:0:0:0:0:1 | /a:/b
          nfs4 | [fe80::1%eth0]:/    | rw,addr=fe80::1%3                               | fe80::1%eth0 | fe80:0:0:0:0:0:0:1%3 | /
          nfs4 | nas:/               | addr=::ffff:10.0.0.1                            | nas       | 10.0.0.1        | /
          nfs  | nas:relative        | addr=10.0.0.1                                   | nas       | 10.0.0.1        | relative
          """)
  void of_mount_isWhatItMounts(
      String type, String source, String options, String server, String address, String path) {
    Export export = Export.of(type, source, options).orElseThrow();

    assertEquals(server, export.server());
    assertEquals(address, export.address().getHostAddress());
    assertEquals(path, export.path());
    assertEquals(type.equals("nfs4"), export.isVersion4());
  }

  /** A name in place of the address would send Java to the name service. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ext4 | /dev/sda1   | addr=10.0.0.1
          nfs  | nas:/home   | rw,mountaddr=10.0.0.1,clientaddr=10.0.0.2
          nfs  | nas:/home   | addr=nas.example.org
          nfs  | nas:/home   | addr=
          nfs  | nas:/home   | addr=10.0.0.256
          nfs  | nas:/home   | addr=10.0.0
          nfs  | nas:/home   | addr=ab:cd
          nfs  | nas:/home   | addr=fe80::1%eth0
          nfs  | /home       | addr=10.0.0.1
          nfs  | -fstype=nfs | addr=10.0.0.1
          """)
  void of_mountThatDoesNotSay_isNothing(String type, String source, String options) {
    assertEquals(Optional.empty(), Export.of(type, source, options));
  }

  @Test
  void of_pathLongerThanCanBeAsked_isNothing() {
    String path = "/" + "a".repeat(Export.LONGEST_PATH);

    assertEquals(Optional.empty(), Export.of("nfs", "nas:" + path, "addr=10.0.0.1"));
  }

  @ParameterizedTest
  @CsvSource({
    "nfs4, /alice, alice, /alice",
    "nfs4, /, '', /",
    "nfs4, /a/b, a/b, /a/b",
    "nfs, /alice, /alice, alice",
    "nfs, /, /, ''",
  })
  void forms_likelierFirst(String type, String path, String first, String second) {
    Export export = Export.of(type, "nas:" + path, "addr=10.0.0.1").orElseThrow();

    assertEquals(List.of(first, second), export.forms());
  }

  @ParameterizedTest
  @CsvSource({"nas, nas (10.0.0.1)", "10.0.0.1, 10.0.0.1"})
  void serverText_namesWhatTheAdministratorKnows(String server, String text) {
    assertEquals(
        text, Export.of("nfs", server + ":/x", "addr=10.0.0.1").orElseThrow().serverText());
  }
}
