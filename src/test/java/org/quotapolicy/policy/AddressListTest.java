// SPDX-License-Identifier: Apache-2.0
package org.quotapolicy.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressListTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\'',
      value = {
        // right side; elements, those that are not understood with a ! before them
        "a; a",
        "a, b,c ,d; a|b|c|d",
        "a,,b,; a|b",
        "' '; ''",
        "\"a b\"; a b",
        "\"a\\\"b\"@c; a\"b@c",
        "\"|prog arg, arg\", b; |prog arg, arg|b",
        "|\"prog a\"; |prog a",
        "\\a; a",
        "a\\,b; a,b",
        "a (no, comment) , b; a|b",
        "a((x)y); a",
        "(\\))a; a",
        "Al Ice <a@b>; a@b",
        "\"Al, Ice\" <a@b>, c; a@b|c",
        "<a>; a",
        "a b; !ab",
        "a \"b\"; !ab",
        "a <b> c; !bc",
        "\"a; !a",
        "(a; !",
        "<a; !a",
        "<\"a\"@b>; !\"a\"@b",
        "<@x:a@b>; !@x:a@b",
        "a>; !a?",
        "a), b; !a?|b",
        "a\\; !a?",
      })
  void rightSide_isSplitAsRfc822(String text, String elements) {
    assertEquals(elements, show(AddressList.split(text, false)));
  }

  @Test
  void spaces_separateIfSaidSo() {
    assertEquals("a|b|c d|e", show(AddressList.split("a b\t\"c d\",e", true)));
  }

  private static String show(List<AddressList.Element> elements) {
    return elements.stream()
        .map(e -> (e.understood() ? "" : "!") + e.text())
        .collect(Collectors.joining("|"));
  }
}
