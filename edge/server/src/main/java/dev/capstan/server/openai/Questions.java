package dev.capstan.server.openai;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.plan.InputSpec;
import dev.capstan.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a conversation means to a run: its last words are the inputs, or one of them. */
final class Questions {
  private static final List<String> USUAL = List.of("task", "message", "question", "prompt");

  private Questions() {}

  /**
   * An object whose fields are inputs of the plan, as JSON in the last message; or that message as
   * the text of the one input that it can be meant for. What was said before stands before it.
   * Throws a {@link Refusal} of {@code invalid_request}.
   */
  static ObjectNode inputs(Plan plan, List<Message> messages) {
    String question = lastOfUser(messages);
    List<String> names = plan.inputs().stream().map(InputSpec::name).toList();
    Optional<ObjectNode> object = object(question, names);
    if (object.isPresent()) {
      return object.get();
    }
    String name = meant(plan.inputs(), names);
    String before = before(messages);
    return Json.object()
        .put(
            name,
            before.isEmpty()
                ? question
                : "What was said before:\n" + before + "\n\nNow: " + question);
  }

  private static Optional<ObjectNode> object(String text, List<String> names) {
    if (!text.strip().startsWith("{")) {
      return Optional.empty();
    }
    try {
      JsonNode value = Json.parse(text);
      return value.isObject() && names.containsAll(value.propertyNames())
          ? Optional.of(value.asObject())
          : Optional.empty();
    } catch (Refusal noJson) {
      return Optional.empty();
    }
  }

  private static String meant(List<InputSpec> inputs, List<String> names) {
    List<String> required =
        inputs.stream().filter(InputSpec::required).map(InputSpec::name).toList();
    if (required.size() == 1) {
      return required.getFirst();
    }
    if (required.isEmpty()) {
      for (String usual : USUAL) {
        if (names.contains(usual)) {
          return usual;
        }
      }
      if (names.size() == 1) {
        return names.getFirst();
      }
    }
    throw wrong(
        names.isEmpty()
            ? "this one takes no inputs: say {} to run it"
            : "this one takes several inputs: say them as a JSON object of "
                + String.join(", ", names));
  }

  private static Refusal wrong(String what) {
    return Problem.of(ProblemCode.INVALID_REQUEST, what, List.of(Mistake.at("messages", what)))
        .refusal();
  }

  private static String lastOfUser(List<Message> messages) {
    if (messages.isEmpty() || !(messages.getLast() instanceof Message.User user)) {
      throw wrong("the last message must be the user's");
    }
    return text(user);
  }

  private static String text(Message.User user) {
    return user.parts().stream()
        .map(part ->
            switch (part) {
              case Part.Text text -> text.text();
              case Part.Image _ -> throw wrong("an agent takes no images yet");
            })
        .collect(Collectors.joining("\n"));
  }

  private static String before(List<Message> messages) {
    return messages.subList(0, messages.size() - 1).stream()
        .flatMap(message ->
            switch (message) {
              case Message.Instructions told -> java.util.stream.Stream.of(told.text());
              case Message.User user -> java.util.stream.Stream.of("- " + text(user));
              case Message.Assistant said -> java.util.stream.Stream.of("- you: " + said.text());
              case Message.ToolResult _ -> java.util.stream.Stream.<String>empty();
            })
        .collect(Collectors.joining("\n"));
  }
}
