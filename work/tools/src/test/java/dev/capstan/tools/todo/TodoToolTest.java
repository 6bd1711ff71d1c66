package dev.capstan.tools.todo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Tool;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.tools.Calls;
import dev.capstan.tools.ToolRegistry;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TodoToolTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final TodoStore store = new MemoryTodoStore();
  private final Tool tool =
      ToolRegistry.of(new TodoTool(store, () -> NOON)).tool("todo").orElseThrow();
  private int calls;

  @Test
  void a_todo_is_added_and_said_in_words() throws InterruptedException {
    assertThat(ask("{'action':'add','text':'  buy\\tmilk '}").toString())
        .isEqualTo(
            "{\"action\":\"add\",\"text\":\"added todo 1: buy milk\",\"todo\":{\"id\":1,"
                + "\"text\":\"buy milk\",\"done\":false,\"created_at\":\"2026-11-21T12:00:00Z\","
                + "\"updated_at\":\"2026-11-21T12:00:00Z\"}}");
  }

  @Test
  void a_repeated_attempt_adds_nothing() throws InterruptedException {
    JsonNode input = Json.object().put("action", "add").put("text", "buy milk");
    JsonNode first = Calls.output(tool, Calls.keyed("k", input));
    assertThat(Calls.output(tool, Calls.keyed("k", input))).isEqualTo(first);
    assertThat(ask("{'action':'list'}").path("todos")).hasSize(1);
  }

  @Test
  void a_repeated_delete_succeeds_and_anothers_finds_nothing() throws InterruptedException {
    ask("{'action':'add','text':'a'}");
    JsonNode input = Json.object().put("action", "delete").put("id", 1);
    JsonNode first = Calls.output(tool, Calls.keyed("d", input));
    assertThat(first.path("text").asString()).isEqualTo("deleted todo 1: a");
    assertThat(Calls.output(tool, Calls.keyed("d", input))).isEqualTo(first);
    assertThat(Calls.problem(tool, Calls.keyed("other", input)).code())
        .isEqualTo(ProblemCode.NOT_FOUND);
  }

  @Test
  void todos_are_completed_updated_shown_and_listed() throws InterruptedException {
    ask("{'action':'add','text':'a'}");
    ask("{'action':'add','text':'b'}");
    assertThat(says("{'action':'complete','id':2}")).isEqualTo("completed todo 2: b");
    assertThat(says("{'action':'update','id':1,'text':'c'}")).isEqualTo("updated todo 1: c");
    assertThat(says("{'action':'get','id':2}")).isEqualTo("todo 2: b (done)");
    assertThat(says("{'action':'list'}")).isEqualTo("1. c\n2. b (done)");
    assertThat(says("{'action':'list','done':false}")).isEqualTo("1. c");
    assertThat(says("{'action':'update','id':2,'done':false}")).isEqualTo("updated todo 2: b");
    assertThat(says("{'action':'list','done':true}")).isEqualTo("no todos");
  }

  @Test
  void a_long_list_comes_in_pages() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      ask("{'action':'add','text':'t'}");
    }
    JsonNode page = ask("{'action':'list','limit':2}");
    assertThat(page.path("next_after").asLong()).isEqualTo(2);
    assertThat(page.path("text").asString()).endsWith("…");
    assertThat(ask("{'action':'list','limit':9,'after':2}").path("todos")).hasSize(3);
    assertThat(ask("{'action':'list','limit':9,'after':2}").has("next_after")).isFalse();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | action: is missing",
        "{'action':'fly'} | action: must be one of",
        "{'action':'add'} | text: is missing",
        "{'action':'add','text':''} | text: must be at least 1 characters long",
        "{'action':'add','text':'   '} | the text of the todo is blank",
        "{'action':'add','text':'a\\u0000b'} | holds control characters",
        "{'action':'add','text':'\\ud800'} | holds control characters",
        "{'action':'add','text':'a','id':3} | add does not take id",
        "{'action':'add','text':5} | text: integer found, string expected",
        "{'action':'complete'} | id: is missing",
        "{'action':'complete','id':'3'} | id: string found, integer expected",
        "{'action':'complete','id':0} | id: must have a minimum value of 1",
        "{'action':'complete','id':1.5} | id: number found, integer expected",
        "{'action':'complete','id':99999999999999999999} | id: must have a maximum value",
        "{'action':'delete','id':-1} | id: must have a minimum value of 1",
        "{'action':'update','id':1} | text: is missing",
        "{'action':'list','limit':201} | limit: must have a maximum value of 200",
        "{'action':'list','text':'x'} | list does not take text",
        "{'action':'list','colour':1} | colour: is not known here",
        "[] | array found, object expected",
        "null | null found, object expected",
      })
  void what_cannot_be_meant_is_refused_in_words(String input, String words)
      throws InterruptedException {
    Problem problem = Calls.problem(tool, Calls.of(input.replace('\'', '"')));
    assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_INPUT);
    assertThat(problem.detail()).contains(words);
  }

  @Test
  void an_unknown_todo_is_not_found() throws InterruptedException {
    for (String input :
        new String[] {
          "{'action':'get','id':7}", "{'action':'complete','id':7}",
          "{'action':'delete','id':7}", "{'action':'update','id':7,'done':true}"
        }) {
      var failure = Calls.failure(tool, Calls.of(input.replace('\'', '"')));
      assertThat(failure.problem().code()).isEqualTo(ProblemCode.NOT_FOUND);
      assertThat(failure.problem().detail()).startsWith("there is no todo 7;");
      assertThat(failure.retryable()).isFalse();
    }
  }

  @Test
  void texts_are_bounded_in_characters_that_people_count() throws InterruptedException {
    String rockets = "🚀".repeat(1_000);
    JsonNode most = Json.object().put("action", "add").put("text", rockets);
    assertThat(Calls.output(tool, Calls.keyed("a", most)).path("todo").path("text").asString())
        .isEqualTo(rockets);
    JsonNode more = Json.object().put("action", "add").put("text", rockets + "x");
    assertThat(Calls.problem(tool, Calls.keyed("b", more)).code())
        .isEqualTo(ProblemCode.INVALID_INPUT);
  }

  private JsonNode ask(String input) throws InterruptedException {
    return Calls.output(tool, Calls.keyed("k" + calls++, Json.parse(input.replace('\'', '"'))));
  }

  private String says(String input) throws InterruptedException {
    return ask(input).path("text").asString();
  }
}
