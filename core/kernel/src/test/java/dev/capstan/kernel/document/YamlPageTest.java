package dev.capstan.kernel.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class YamlPageTest {
  private static final String[] PIECES = {
    "a",
    "yes",
    "No",
    "12",
    "1.50",
    "~",
    "null",
    "- x",
    "k: v",
    "#c",
    "'",
    "\"",
    "\\",
    "\n",
    "\n\n",
    " ",
    "\t",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a",
    "*a",
    "!t",
    "|",
    ">",
    "%",
    "@",
    "`",
    "é",
    "😀",
    "\u0085",
    "\u2028",
    "\u0000",
    "\r",
    "…",
    "0x1f",
    "2026-11-21",
    "---",
    "...",
    "?",
    ":",
    "=",
    "<<"
  };

  @Test
  void what_is_written_is_read_back() {
    Random dice = new Random(20261121);
    for (int i = 0; i < 20_000; i++) {
      JsonNode value = object(dice, 0);
      Findings findings = new Findings();
      String page = YamlPage.of(value);
      Document read = Document.read("# a case\n" + page, findings);
      assertThat(findings.mistakes(read.places())).as("%s%n%s", value, page).isEmpty();
      assertThat(Json.write(read.root())).as(page).isEqualTo(Json.write(value));
    }
  }

  private static ObjectNode object(Random dice, int depth) {
    ObjectNode object = Json.object();
    int fields = 1 + dice.nextInt(3);
    for (int i = 0; i < fields; i++) {
      object.set(text(dice), value(dice, depth + 1));
    }
    return object;
  }

  private static JsonNode value(Random dice, int depth) {
    return switch (dice.nextInt(depth > 3 ? 4 : 7)) {
      case 0 -> Json.number(dice.nextInt(100) - 50);
      case 1 -> Json.bool(dice.nextBoolean());
      case 2 -> dice.nextBoolean() ? Json.nothing() : Json.parse("1.50");
      case 3 -> Json.text(text(dice));
      case 4 -> {
        ArrayNode list = Json.object().putArray("list");
        int items = dice.nextInt(4);
        for (int i = 0; i < items; i++) {
          list.add(value(dice, depth + 1));
        }
        yield list;
      }
      case 5 -> Json.text(text(dice) + "\n" + text(dice) + "\nand a longer line that is read");
      default -> object(dice, depth);
    };
  }

  private static String text(Random dice) {
    StringBuilder text = new StringBuilder();
    int pieces = 1 + dice.nextInt(4);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[dice.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  @Test
  void it_is_written_for_people() {
    JsonNode value =
        Json.parse(
            """
            {"name": "a case", "inputs": {"n": 1, "yes": "yes"}, "asked": "[user]\\nwhat?\\n\\n  more",
             "answers": [{"says": "one\\ntwo\\n", "calls": []}]}
            """);
    assertThat(YamlPage.of(value))
        .isEqualTo(
            """
            name: a case
            inputs: {n: 1, "yes": "yes"}
            asked: |-
              [user]
              what?

                more
            answers:
              - says: |
                  one
                  two
                calls: []
            """);
  }
}
