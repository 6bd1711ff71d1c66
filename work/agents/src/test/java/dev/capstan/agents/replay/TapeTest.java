package dev.capstan.agents.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who asks for what nobody recorded is told rightly why. */
class TapeTest {
  private static final Asked QUESTION = new Asked("critic", 1, "[user]\nIs it right?");

  private static Tape tape(Asked... asked) {
    List<RecordedAnswer> answers =
        java.util.Arrays.stream(asked)
            .map(question ->
                new RecordedAnswer(
                    "judge",
                    1,
                    null,
                    question,
                    new RecordedAnswer.Spoke(
                        Message.Assistant.says("yes"),
                        FinishReason.STOP,
                        Usage.NONE,
                        "p",
                        "m",
                        Money.ZERO)))
            .toList();
    return new Tape(new Recording(answers, List.of(), List.of()));
  }

  @Test
  void an_answer_is_given_once_and_then_it_was_given_already() {
    Tape tape = tape(QUESTION);
    assertThat(tape.answer("judge", QUESTION)).isPresent();
    assertThat(tape.misses()).isEmpty();
    assertThat(tape.answer("judge", QUESTION)).isEmpty();
    assertThat(tape.misses().getFirst().what()).endsWith("another time");
    assertThat(tape.misses().getFirst().nearest())
        .isEqualTo("answer 1 of step judge, which was given already");
  }

  @Test
  void the_same_words_of_another_agent_are_not_said_to_have_been_answered() {
    Tape tape = tape(QUESTION);
    assertThat(tape.answer("judge", new Asked("sceptic", 1, QUESTION.text()))).isEmpty();
    Miss miss = tape.misses().getFirst();
    assertThat(miss.what()).contains("agent sceptic").doesNotContain("another time");
    assertThat(miss.nearest())
        .isEqualTo("answer 1 of step judge, the same words asked by agent critic in turn 1");
  }

  @Test
  void the_same_question_of_another_step_is_not_said_to_have_been_answered() {
    Tape tape = tape(QUESTION);
    assertThat(tape.answer("review", QUESTION)).isEmpty();
    Miss miss = tape.misses().getFirst();
    assertThat(miss.what()).doesNotContain("another time");
    assertThat(miss.nearest()).contains("of step judge, the same words");
  }

  @Test
  void a_question_that_differs_after_thousands_of_lines_is_shown_where_it_differs() {
    String vast = "[user]\n" + "the same\n".repeat(3_000);
    Tape tape = tape(new Asked("critic", 1, vast + "old"));
    assertThat(tape.answer("judge", new Asked("critic", 1, vast + "new"))).isEmpty();
    assertThat(tape.misses().getFirst().difference()).contains("- old", "+ new");
  }

  @Test
  void a_result_of_another_step_s_call_is_not_said_to_have_been_given() {
    RecordedResult result =
        new RecordedResult(
            "pay", "", "http", Json.object().put("url", "x"), Outcome.completed(Json.nothing()));
    Tape tape = new Tape(new Recording(List.of(), List.of(result), List.of()));
    tape.missed("refund", "http", Json.object().put("url", "x"));
    Miss miss = tape.misses().getFirst();
    assertThat(miss.what()).doesNotContain("another time");
    assertThat(miss.nearest()).isEqualTo("result 1 of step pay, which was given the same");
  }
}
