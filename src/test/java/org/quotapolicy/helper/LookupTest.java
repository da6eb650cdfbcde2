// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.helper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quotapolicy.quota.Project;
import org.quotapolicy.wire.FromHelper.Outcome;
import org.quotapolicy.wire.Scope;

/** On whatever host the tests run: what is true on all. Numbers are compared in the lab. */
class LookupTest {

  @Test
  void byName_root_hisAccount() throws Exception {
    Lookup lookup = Lookup.open();
    Outcome.Found found =
        assertInstanceOf(Outcome.Found.class, lookup.byName("root", new Scope.All()));
    assertEquals(0, found.quotas().uid());
    assertEquals(0, found.quotas().gid());
    assertEquals("/root", found.quotas().home());
    assertEquals(found, lookup.byName("root", new Scope.All()));
  }

  @Test
  void byName_deviceThatIsNotThere_nothingAsked() throws Exception {
    Outcome outcome = Lookup.open().byName("root", new Scope.Device(-1, 7, new Project.Unnamed()));
    assertEquals(List.of(), assertInstanceOf(Outcome.Found.class, outcome).quotas().filesystems());
  }

  @Test
  void byName_nobodyOfThatName_noUser() throws Exception {
    assertEquals(new Outcome.NoUser(), Lookup.open().byName("no-such-user", new Scope.All()));
  }
}
