package dev.capstan.llm.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Usage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryAnswersTest {
  private static final TenantId ONE = new TenantId("one");
  private static final TenantId TWO = new TenantId("two");
  private static final Duration LIFE = Duration.ofMinutes(10);

  private final ManualTimers time = new ManualTimers();
  private final MemoryAnswers answers = new MemoryAnswers(time, 100_000);

  private static Fingerprint question(long number) {
    return new Fingerprint(number, 0, 0, 0);
  }

  private static Answer answer(int length) {
    return new Answer(
        "", "m", Message.Assistant.says("x".repeat(length)), FinishReason.STOP, Usage.NONE);
  }

  @Test
  void an_answer_lives_as_long_as_it_was_given_and_is_its_tenants_alone() {
    answers.keep(ONE, question(1), answer(10), LIFE);
    assertThat(answers.find(ONE, question(1))).isNotNull();
    assertThat(answers.find(TWO, question(1))).isNull();
    time.advance(LIFE, () -> {});
    assertThat(answers.find(ONE, question(1))).isNull();
    assertThat(answers.bytes()).isZero();
  }

  @Test
  void it_never_holds_more_than_it_may_and_the_one_with_most_loses_first() {
    answers.keep(TWO, question(0), answer(100), LIFE);
    for (int i = 1; i < 1_000; i++) {
      answers.keep(ONE, question(i), answer(i % 3_000), LIFE);
      assertThat(answers.bytes()).isLessThanOrEqualTo(100_000);
    }
    assertThat(answers.find(TWO, question(0))).isNotNull();
    assertThat(answers.find(ONE, question(1))).isNull();
    assertThat(answers.find(ONE, question(999))).isNotNull();
  }

  @Test
  void an_answer_that_would_push_out_a_quarter_is_not_kept() {
    answers.keep(ONE, question(1), answer(20_000), LIFE);
    assertThat(answers.find(ONE, question(1))).isNull();
  }
}
