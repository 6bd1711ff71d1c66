package dev.capstan.server.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whatever stands in a case, it is a case or it has mistakes; and one that is a case can be tried.
 */
@Timeout(300)
class CaseReaderLaws {
  private static final int ROUNDS = Boolean.getBoolean("capstan.long") ? 50_000 : 1_500;

  private static final String PAGE =
      """
      format: capstan-case/1
      name: orders
      recorded: {run: run_38fzk1xv2qc92, at: "2026-11-21T19:32:25.651956Z", status: completed}
      prompt: add it up
      inputs: {order: three books}
      plan:
        name: orders
        inputs: {order: {type: string}}
        steps:
          - id: book
            tool: agent
            input: {role: bookkeeper, goal: order, task: "Add up ${inputs.order}", tools: [calculator], output_schema: {type: object}}
            retry: {max_retries: 1, base_delay: 10ms}
          - {id: agree, approval: "go on?", depends_on: [book]}
          - {id: paid, signal: paid, depends_on: [agree]}
          - {id: each, foreach: "${[1, 2]}", tool: http, input: {method: GET, url: "http://x.invalid/${item}"}}
          - id: inner
            plan: {name: inside, steps: [{id: say, tool: echo, input: {value: 1}}], outputs: {said: "${steps.say.output}"}}
        outputs: {answer: "${steps.book.output.text}"}
      answers:
        - {step: book, attempt: 1, agent: bookkeeper, turn: 1, says: well, calls: [{id: c1, tool: calculator, arguments: {expression: 3 * 19.90}}], finish: tool_calls, model: m, provider: p, usage: {input: 40, output: 9, cached: 3}, cost: 0.00012}
        - {step: book, says: "{}"}
        - {step: book, failed: {code: timed_out, detail: slow, again: true}}
      results:
        - {step: book, call: c1, tool: calculator, input: {expression: 3 * 19.90}, output: {result: 59.7, text: "59.7"}}
        - {step: "each[0]", tool: http, output: {status: 200}}
        - {step: "each[1]", tool: http, failed: {code: tool_failed, detail: no, again: false}}
      notes: [{step: book, key: recalled, value: {memories: []}}]
      given:
        approvals: [{step: agree, approved: true, by: ann, comment: fine}]
        signals: [{name: paid, within: "", payload: {amount: 59.7}, by: bob}]
      asserts:
        - output: {equals: {answer: "{}"}, jsonata: 'output.answer = "x"', schema: {type: object}, judge: {rubric: r, model: m}}
        - steps: {ran: [book], not_ran: [inner], order: [book, agree]}
        - tools: {called: {calculator: 1, http: {min: 1, max: 3}}, not_called: [todo]}
        - status: completed
        - cost: {max: 0.05}
        - time: {max: 30s}
      """;

  @TempDir Path folder;

  private static JsonNode tree() {
    return Objects.requireNonNull(Document.read(PAGE, new Findings()).root());
  }

  private static JsonNode hostile(Random dice) {
    return switch (dice.nextInt(16)) {
      case 0 -> Json.nothing();
      case 1 -> Json.parse("-1");
      case 2 -> Json.parse("99999999999999999999");
      case 3 -> Json.parse("1e30");
      case 4 -> Json.text("");
      case 5 -> Json.text("${");
      case 6 -> Json.text("${steps.nobody.output}");
      case 7 -> Json.text("x".repeat(20_000));
      case 8 -> Json.parse("[]");
      case 9 -> Json.parse("{}");
      case 10 -> Json.parse("[[[[{\"a\": [null]}]]]]");
      case 11 -> Json.parse("true");
      case 12 -> Json.text("\u0000\u001b[31m\ud83d");
      case 13 -> Json.text("../../etc/passwd");
      case 14 -> Json.text("${$eval('1')}");
      default -> Json.parse("0.5");
    };
  }

  /** Every place of the tree that holds others. */
  private static List<JsonNode> containers(JsonNode node) {
    List<JsonNode> all = new ArrayList<>();
    if (node.isContainer() && !node.isEmpty()) {
      all.add(node);
      node.values().forEach(child -> all.addAll(containers(child)));
    }
    return all;
  }

  private static void spoil(JsonNode root, Random dice) {
    List<JsonNode> all = containers(root);
    JsonNode place = all.get(dice.nextInt(all.size()));
    int at = dice.nextInt(place.size());
    if (place instanceof ArrayNode list) {
      switch (dice.nextInt(3)) {
        case 0 -> list.remove(at);
        case 1 -> list.add(list.get(at).deepCopy());
        default -> list.set(at, hostile(dice));
      }
    } else if (place instanceof ObjectNode object) {
      String name = List.copyOf(object.propertyNames()).get(at);
      switch (dice.nextInt(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.set("x" + name, object.remove(name));
        default -> object.set(name, hostile(dice));
      }
    }
  }

  @Test
  void every_page_is_a_case_that_can_be_tried_or_has_mistakes() throws Exception {
    assertThat(CaseReader.read(PAGE, name -> name)).isInstanceOf(CaseReader.Read.Valid.class);
    int valid = 0;
    for (long seed = 0; seed < ROUNDS; seed++) {
      Random dice = new Random(seed * 31 + 7);
      JsonNode page = tree();
      int times = 1 + dice.nextInt(2);
      for (int i = 0; i < times; i++) {
        spoil(page, dice);
      }
      String text = Json.pretty(page);
      try {
        switch (CaseReader.read(text, name -> "name: " + name)) {
          case CaseReader.Read.Invalid invalid -> assertThat(invalid.mistakes()).isNotEmpty();
          case CaseReader.Read.Valid found -> {
            valid++;
            Path file = folder.resolve("a.yaml");
            assertThat(OfflineTrial.of(found.found(), Verdicts.beside(file), null).wrong())
                .doesNotContainNull();
          }
        }
      } catch (RuntimeException | StackOverflowError broken) {
        throw new AssertionError("seed " + seed + ":\n" + text, broken);
      }
    }
    System.out.printf(
        "figure: %,d spoilt pages, of which %,d were cases and tried%n", ROUNDS, valid);
  }
}
