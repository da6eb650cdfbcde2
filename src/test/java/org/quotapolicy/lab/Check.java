// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.lab;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/** {@code quotapolicy check}. */
final class Check {
  private Check() {}

  /** Runs it as root. */
  static Guest.Result run(String... arguments) {
    return Guest.run(command(arguments).toArray(String[]::new));
  }

  /** Runs it with the ids of a user. */
  static Guest.Result runAs(String user, String... arguments) {
    return Guest.runAs(user, command(arguments).toArray(String[]::new));
  }

  /** The object that {@code --json} prints, asked by root. */
  static JsonObject json(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.add("--json");
    Guest.Result result = run(words.toArray(String[]::new));
    return parse(result);
  }

  /** The object that a run printed. */
  static JsonObject parse(Guest.Result result) {
    try {
      return JsonParser.object().from(result.out());
    } catch (JsonParserException e) {
      return Assertions.fail("not a JSON object: " + result.text(), e);
    }
  }

  /** The filesystem that is said to hold the mailbox; exactly one must be. */
  static JsonObject mailboxFilesystem(JsonObject check) {
    List<JsonObject> holders =
        objects(check.getArray("filesystems")).stream()
            .filter(filesystem -> filesystem.getBoolean("holds_mailbox"))
            .toList();
    Assertions.assertEquals(1, holders.size(), check::toString);
    return holders.get(0);
  }

  /** The quota of a type ({@code user}, {@code group}) on a filesystem. */
  static JsonObject quota(JsonObject filesystem, String type) {
    return objects(filesystem.getArray("quotas")).stream()
        .filter(quota -> quota.getString("type").equals(type))
        .findFirst()
        .orElseGet(() -> Assertions.fail("no " + type + " quota: " + filesystem));
  }

  /** The elements of an array of objects. */
  static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private static List<String> command(String... arguments) {
    List<String> words = new ArrayList<>(List.of("/usr/bin/quotapolicy", "check"));
    words.addAll(List.of(arguments));
    return words;
  }
}
