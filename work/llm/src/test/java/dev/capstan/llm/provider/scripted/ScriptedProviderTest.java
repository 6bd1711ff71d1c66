package dev.capstan.llm.provider.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScriptedProviderTest {
  private static final String SCRIPT =
      """
      rules:
        - match: {text: weather, turn: 1, agent: Researcher}
          say: "I look."
          tools:
            - {tool: weather, arguments: {city: Oslo}}
            - {tool: weather, arguments: {city: Rome}}
          usage: {input: 100, cached: 40, output: 12}
        - match: {tool_result: weather}
          say: "The tool says {{result}}."
        - match: {text: flaky}
          fault: rate_limited
          retry_after: 2s
          times: 1
        - match: {text: flaky}
          say: It works now.
        - match: {text: breaks}
          say: one two three four
          fault: connection_broken
          broken: true
        - match: {text: slow}
          say: at last
          delay: 3s
        - match: {pattern: "^sum of (\\\\d+)"}
          json: {sum: 7}
        - match: {model: parrot}
          say: "You said {{user}}"
      """;

  private final ManualTimers time = new ManualTimers();
  private final ScriptedProvider provider =
      new ScriptedProvider("demo", ModelScript.read(SCRIPT), time, time);

  private static ProviderCall call(boolean stream, Message... messages) {
    return new ProviderCall(
        "parrot",
        List.of(messages),
        List.of(),
        Sampling.DEFAULT.withMaxOutputTokens(50),
        new AnswerFormat.FreeText(),
        stream,
        Duration.ofSeconds(10),
        Duration.ofSeconds(5));
  }

  private Answer answer(Message... messages) throws InterruptedException {
    Reply reply = provider.call(call(false, messages), DeltaSink.NOBODY);
    assertThat(reply).isInstanceOf(Reply.Answered.class);
    return ((Reply.Answered) reply).answer();
  }

  @Test
  void the_conversation_decides_what_is_said() throws Exception {
    Message role = new Message.Instructions("You are the Researcher.");
    Message question = Message.User.says("What is the Weather?");
    Answer wish = answer(role, question);
    assertThat(wish.finish()).isEqualTo(FinishReason.TOOL_CALLS);
    assertThat(wish.usage().cachedInputTokens()).isEqualTo(40);
    var requests = wish.message().toolRequests();
    assertThat(requests.get(1).arguments()).isEqualTo("{\"city\":\"Rome\"}");
    Message first = new Message.ToolResult(requests.get(0).id(), "weather", "2", false);
    Message second = new Message.ToolResult(requests.get(1).id(), "weather", "20", false);
    assertThat(answer(role, question, wish.message(), first, second).message().text())
        .isEqualTo("The tool says 20.");
    assertThat(answer(role, question)).isEqualTo(wish);
  }

  @Test
  void a_pattern_a_model_and_json_match() throws Exception {
    assertThat(answer(Message.User.says("sum of 3 and 4")).message().text())
        .isEqualTo("{\"sum\":7}");
    assertThat(answer(Message.User.says("hello")).message().text()).isEqualTo("You said hello");
  }

  @Test
  void a_rule_with_times_gives_way_to_the_next() throws Exception {
    Reply first = provider.call(call(false, Message.User.says("flaky")), DeltaSink.NOBODY);
    assertThat(first)
        .isInstanceOfSatisfying(
            Reply.Faulted.class,
            faulted -> {
              assertThat(faulted.fault().kind()).isEqualTo(FaultKind.RATE_LIMITED);
              assertThat(faulted.fault().retryAfter()).isEqualTo(Duration.ofSeconds(2));
            });
    assertThat(answer(Message.User.says("flaky")).message().text()).isEqualTo("It works now.");
  }

  @Test
  void a_broken_stream_has_told_half() throws Exception {
    List<Delta> told = new ArrayList<>();
    Reply reply = provider.call(call(true, Message.User.says("breaks")), told::add);
    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Faulted.class,
            faulted ->
                assertThat(faulted.fault().partial().message().text()).isEqualTo("one two t"));
    assertThat(told).hasSize(3);
  }

  @Test
  void an_answer_is_late_by_the_clock_that_was_handed_in() throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    Timers told =
        new Timers() {
          @Override
          public Alarm at(Instant due, Runnable action) {
            Alarm alarm = time.at(due, action);
            waits.countDown();
            return alarm;
          }

          @Override
          public void close() {}
        };
    ScriptedProvider slow = new ScriptedProvider("slow", ModelScript.read(SCRIPT), time, told);
    CompletableFuture<Reply> late = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            late.complete(slow.call(call(false, Message.User.says("slow")), DeltaSink.NOBODY));
          } catch (InterruptedException interrupted) {
            late.completeExceptionally(interrupted);
          }
        });
    waits.await();
    assertThat(late).isNotDone();
    time.advance(Duration.ofSeconds(3), () -> {});
    assertThat(late.get(10, TimeUnit.SECONDS)).isInstanceOf(Reply.Answered.class);
  }

  @Test
  void the_script_of_the_manual_is_one() throws Exception {
    String page = Files.readString(Path.of("../../docs/scripted-models.md"));
    String script = page.substring(page.indexOf("```yaml") + 7, page.indexOf("```\n\nThe first"));
    var manual = new ScriptedProvider("manual", ModelScript.read(script), time, time);
    Reply reply = manual.call(call(false, Message.User.says("hello")), DeltaSink.NOBODY);
    assertThat(((Reply.Answered) reply).answer().message().text()).isEqualTo("You said: hello");
    for (FaultKind kind : FaultKind.values()) {
      assertThat(page).contains("`" + kind.wireName() + "`");
    }
  }

  @Test
  void every_mistake_of_a_script_is_told_with_its_place() {
    assertThatThrownBy(() ->
            ModelScript.read(
                """
                rules:
                  - say: hi
                    fault: tired
                  - math: {}
                    delay: soon
                """))
        .isInstanceOfSatisfying(
            Refusal.class,
            refused ->
                assertThat(refused.problem().mistakes())
                    .extracting(mistake -> mistake.line())
                    .containsExactlyInAnyOrder(3, 4, 5));
  }
}
