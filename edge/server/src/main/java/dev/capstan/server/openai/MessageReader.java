package dev.capstan.server.openai;

import dev.capstan.llm.Carried;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.ToolRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the turns of a conversation, and holds them to their one rule: tools are answered. */
final class MessageReader {
  private static final Pattern DATA_URL =
      Pattern.compile("data:(image/[a-z0-9.+-]{1,40});base64,([A-Za-z0-9+/]+={0,2})");

  private final List<Message> messages = new ArrayList<>();

  /** Tool requests that wait for their result: the tools by the requests' ids. */
  private final Map<String, String> unanswered = new LinkedHashMap<>();

  private MessageReader() {}

  static List<Message> read(Given list) {
    MessageReader reader = new MessageReader();
    List<Given> items = list.items();
    if (items.isEmpty()) {
      throw list.wrong("is empty; a conversation has at least one message");
    }
    for (Given item : items) {
      reader.next(item.object());
    }
    reader.requireAnswers(items.getLast());
    return reader.messages;
  }

  private void next(Given message) {
    String role = message.field("role").text();
    if (role.equals("tool")) {
      messages.add(result(message));
      return;
    }
    requireAnswers(message);
    switch (role) {
      case "system", "developer" ->
          messages.add(new Message.Instructions(words(message.field("content"))));
      case "user" -> messages.add(new Message.User(parts(message.field("content"))));
      case "assistant" -> messages.add(assistant(message));
      default ->
          throw message
              .field("role")
              .wrong("must be one of system, developer, user, assistant and tool");
    }
  }

  private void requireAnswers(Given place) {
    if (!unanswered.isEmpty()) {
      throw place.wrong(
          "comes too early: an assistant message with 'tool_calls' must be followed by tool"
              + " messages that answer each 'tool_call_id'; not answered: "
              + String.join(", ", unanswered.keySet()));
    }
  }

  private Message.ToolResult result(Given message) {
    Given place = message.field("tool_call_id");
    String id = place.text();
    String tool = unanswered.remove(id);
    if (tool == null) {
      throw place.wrong("answers no tool call of the message before it");
    }
    return new Message.ToolResult(id, tool, words(message.field("content")), false);
  }

  private Message.Assistant assistant(Given message) {
    Given content = message.field("content");
    List<ToolRequest> requests = new ArrayList<>();
    List<String> signatures = new ArrayList<>();
    for (Given call : message.field("tool_calls").items()) {
      Given function = call.field("function").object();
      String id = call.field("id").text();
      String tool = function.field("name").text();
      if (unanswered.put(id, tool) != null) {
        throw call.field("id").wrong("names two tool calls");
      }
      requests.add(new ToolRequest(id, tool, function.field("arguments").text()));
      Given google = call.field("extra_content").field("google");
      signatures.add(google.field("thought_signature").textOr(""));
    }
    if (content.isAbsent() && requests.isEmpty() && message.field("refusal").isAbsent()) {
      throw content.wrong("is missing, and there are no tool calls");
    }
    String said = content.isAbsent() ? message.field("refusal").textOr("") : words(content);
    String thoughts = message.field("reasoning_content").textOr("");
    return new Carried(thoughts, signatures).turn(said, requests);
  }

  /** A text, or parts that are texts. */
  private static String words(Given content) {
    if (!content.value().isArray()) {
      return content.text();
    }
    StringBuilder words = new StringBuilder();
    for (Given part : content.items()) {
      String type = part.object().field("type").text();
      switch (type) {
        case "text", "refusal" ->
            words.append(words.isEmpty() ? "" : "\n").append(part.field(type).text());
        default -> throw part.field("type").wrong("must be text here");
      }
    }
    return words.toString();
  }

  private static List<Part> parts(Given content) {
    if (!content.value().isArray()) {
      return List.of(new Part.Text(content.text()));
    }
    List<Part> parts = new ArrayList<>();
    for (Given part : content.items()) {
      switch (part.object().field("type").text()) {
        case "text" -> parts.add(new Part.Text(part.field("text").text()));
        case "image_url" -> parts.add(image(part.field("image_url").object().field("url")));
        default -> throw part.field("type").wrong("must be text or image_url");
      }
    }
    return parts;
  }

  private static Part.Image image(Given url) {
    Matcher data = DATA_URL.matcher(url.text());
    if (!data.matches()) {
      throw url.wrong(
          "must be an image as a data URL, data:image/png;base64,…: nothing is fetched from here");
    }
    return new Part.Image(data.group(1), data.group(2));
  }
}
