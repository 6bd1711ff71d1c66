package dev.capstan.agents.agent;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What models say whose vendors keep no two ids apart. */
final class Talks {
  static final String END = "all is done";
  static final int CALLS = 6;
  private static final String WORDY = "because ".repeat(60);

  /** Ids that no vendor's good manners keep apart, or fit to be part of anything. */
  static final List<String> IDS =
      List.of(
          "same",
          "",
          " ",
          "undo",
          "answer/3",
          "1/call_1_1",
          "call_t1_3",
          "call_t1_3_t1_1",
          "same_t1_2",
          "é",
          "two\r\nlines: of a header",
          "\u0000\u001b[31m",
          "\uD83D",
          "x".repeat(10_000),
          "\u0001".repeat(10_000));

  private Talks() {}

  /** An agent whose window has room for few turns of {@link #counting}. */
  static JsonNode narrow() {
    ObjectNode task = AgentRig.task("book", "pay").deepCopy().asObject();
    task.putObject("memory").put("window_tokens", 500);
    return task;
  }

  /** One call in each answer, numbered by the answers that it is shown; notes let it begin anew. */
  static Message.Assistant counting(List<Message> messages) {
    int n = SpokenModel.last(messages) + 1;
    String id = "call_" + (SpokenModel.turns(messages) + 1) + "_1";
    String arguments = "{\"n\":" + n + ",\"why\":\"" + WORDY + "\"}";
    return n > CALLS
        ? Message.Assistant.says(END)
        : SpokenModel.calls(new ToolRequest(id, n == 4 ? "pay" : "book", arguments));
  }

  /** Two calls in each answer, numbered from 0 in each. */
  static Message.Assistant anew(List<Message> messages) {
    int n = SpokenModel.last(messages);
    return n >= CALLS
        ? Message.Assistant.says(END)
        : SpokenModel.calls(
            SpokenModel.call("call_0", "book", n + 1), SpokenModel.call("call_1", "pay", n + 2));
  }

  /** One id for all of them. */
  static Function<List<Message>, Message.Assistant> all(String id) {
    return messages ->
        switch (SpokenModel.last(messages)) {
          case 0 ->
              SpokenModel.calls(
                  SpokenModel.call(id, "book", 1),
                  SpokenModel.call(id, "pay", 2),
                  SpokenModel.call(id, "book", 3));
          case 3 ->
              SpokenModel.calls(SpokenModel.call(id, "pay", 4), SpokenModel.call(id, "book", 5));
          default -> Message.Assistant.says(END);
        };
  }
}
