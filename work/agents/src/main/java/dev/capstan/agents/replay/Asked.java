package dev.capstan.agents.replay;

import dev.capstan.kernel.Json;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.ToolOffer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A question to a model as a person reads it.
 *
 * @param agent who asked
 * @param turn which of its questions: one more than the answers that it goes on from
 * @param text what was said since the last answer; what was said before is in the questions before
 *     it
 */
public record Asked(String agent, int turn, String text) {
  static Asked of(ModelCall call) {
    List<Message> messages = call.messages();
    int answers = 0;
    int from = 0;
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i) instanceof Message.Assistant) {
        answers++;
        from = i + 1;
      }
    }
    StringBuilder text = new StringBuilder();
    messages.subList(from, messages.size()).forEach(message -> write(message, text));
    if (answers == 0) {
      writeOffer(call, text);
    }
    return new Asked(call.origin().agent(), answers + 1, text.toString().strip());
  }

  private static void write(Message message, StringBuilder text) {
    switch (message) {
      case Message.Instructions told -> section(text, "instructions", told.text());
      case Message.User user ->
          section(
              text,
              "user",
              user.parts().stream().map(Asked::shown).collect(Collectors.joining("\n")));
      case Message.ToolResult result ->
          section(
              text,
              "result of " + result.tool() + (result.failed() ? ", which failed" : ""),
              result.content());
      case Message.Assistant said -> section(text, "model", said.text());
    }
  }

  private static String shown(Part part) {
    return switch (part) {
      case Part.Text said -> said.text();
      case Part.Image image ->
          "(" + image.mediaType() + ", " + image.base64().length() + " letters of base64)";
    };
  }

  private static void writeOffer(ModelCall call, StringBuilder text) {
    if (!call.tools().isEmpty()) {
      section(
          text,
          "tools",
          call.tools().stream().map(ToolOffer::name).collect(Collectors.joining(", ")));
    }
    switch (call.format()) {
      case AnswerFormat.FreeText _ -> {}
      case AnswerFormat.JsonObject _ -> section(text, "answer", "some JSON object");
      case AnswerFormat.BySchema by ->
          section(text, "answer", "JSON of this schema: " + Json.write(by.schema()));
    }
  }

  private static void section(StringBuilder text, String title, String content) {
    text.append('[').append(title).append("]\n").append(content.strip()).append('\n');
  }
}
