package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Patience;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A model that says what a function says, by whatever ids it likes. As vendors do, it takes no
 * conversation in which two calls have one id or a result follows no call.
 *
 * @param notes whether it is to be asked for notes
 */
record SpokenModel(Function<List<Message>, Message.Assistant> speech, boolean notes)
    implements Gateway {
  @Override
  public Told ask(ModelCall call, DeltaSink sink, Patience.WaitListener listener) {
    List<Message> messages = call.messages();
    isWellFormed(messages);
    boolean noting =
        messages.getFirst() instanceof Message.Instructions told
            && told.text().startsWith("You keep the notes");
    assertThat(noting && !notes).as("asked for notes").isFalse();
    Message.Assistant said =
        noting ? Message.Assistant.says("much was done") : speech.apply(messages);
    Answer answer =
        new Answer(
            "",
            call.model(),
            said,
            said.toolRequests().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS,
            new Usage(1, 0, 0, 1, 0, true));
    return new Told.Answered(answer, "spoken", false, Money.ZERO, List.of());
  }

  private static void isWellFormed(List<Message> messages) {
    Set<String> ids = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    for (Message message : messages) {
      switch (message) {
        case Message.ToolResult result -> assertThat(result.request()).isEqualTo(open.poll());
        case Message.Assistant said -> {
          assertThat(open).isEmpty();
          for (ToolRequest request : said.toolRequests()) {
            assertThat(request.id()).matches("[ -~]+");
            assertThat(ids.add(request.id())).as("two calls are " + request.id()).isTrue();
            open.add(request.id());
          }
        }
        default -> assertThat(open).isEmpty();
      }
    }
    assertThat(open).isEmpty();
  }

  @Override
  public List<String> models() {
    return List.of("default");
  }

  // --- what speeches go by ---

  /** Answers that are still shown. */
  static int turns(List<Message> messages) {
    return (int) messages.stream().filter(Message.Assistant.class::isInstance).count();
  }

  /** The number that the last result told; 0 when nothing has one. */
  static int last(List<Message> messages) {
    return messages.getLast() instanceof Message.ToolResult result
        ? Json.parse(result.content()).path("n").asInt(0)
        : 0;
  }

  static ToolRequest call(String id, String tool, int n) {
    return new ToolRequest(id, tool, "{\"n\":" + n + "}");
  }

  static Message.Assistant calls(ToolRequest... requests) {
    return new Message.Assistant("", List.of(requests), null);
  }
}
