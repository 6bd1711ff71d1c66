package dev.capstan.twin;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's responses API. */
final class ResponsesDesk implements Desk {
  private final OpenAiDenials denials;

  ResponsesDesk(InstantSource clock) {
    this.denials = new OpenAiDenials(clock);
  }

  @Override
  public @Nullable Refused check(Ask ask, HttpAsk http) {
    if (ask.key().isEmpty()) {
      return OpenAiDenials.wrongKey(ask);
    }
    if (!ask.body().isObject() || !http.header("content-type").startsWith("application/json")) {
      return OpenAiDenials.mistake("We could not parse the JSON body of your request.");
    }
    Checks checks = ResponsesCheck.of(ask.body());
    return checks.passed() ? null : OpenAiDenials.mistake(checks.first());
  }

  @Override
  public String whole(Turn turn) {
    ObjectNode response = response(turn, status(turn));
    ArrayNode output = response.putArray("output");
    if (turn.reasoning() > 0) {
      output.add(thought(turn));
    }
    if (!turn.text().isEmpty() || turn.wishes().isEmpty()) {
      output.add(message(turn, turn.text(), "completed"));
    }
    for (int i = 0; i < turn.wishes().size(); i++) {
      output.add(call(turn, i, turn.wishes().get(i).arguments(), "completed"));
    }
    return response.toString();
  }

  private static String status(Turn turn) {
    return switch (turn.finish()) {
      case LENGTH, FILTERED -> "incomplete";
      default -> "completed";
    };
  }

  private static ObjectNode response(Turn turn, String status) {
    ObjectNode response =
        Json.object()
            .put("id", turn.name("resp_", 0))
            .put("object", "response")
            .put("created_at", turn.created())
            .put("status", status);
    response.putNull("error");
    if (status.equals("incomplete")) {
      boolean length = turn.finish() == Turn.Finish.LENGTH;
      response
          .putObject("incomplete_details")
          .put("reason", length ? "max_output_tokens" : "content_filter");
    } else {
      response.putNull("incomplete_details");
    }
    response.putNull("instructions");
    response.put("model", turn.ask().model()).put("parallel_tool_calls", true);
    response.putNull("previous_response_id");
    response.put("temperature", 1).put("top_p", 1).put("tool_choice", "auto").put("store", false);
    response.putArray("tools");
    response.putObject("metadata");
    response.putArray("output");
    boolean over = !status.equals("in_progress");
    if (over && turn.reportsUsage()) {
      response.set("usage", usage(turn));
    } else {
      response.putNull("usage");
    }
    return response;
  }

  private static ObjectNode usage(Turn turn) {
    ObjectNode usage = Json.object().put("input_tokens", turn.input());
    usage
        .putObject("input_tokens_details")
        .put("cached_tokens", turn.scene().count().cached())
        .put("cache_write_tokens", turn.scene().count().written());
    usage.put("output_tokens", turn.output());
    usage.putObject("output_tokens_details").put("reasoning_tokens", turn.reasoning());
    return usage.put("total_tokens", turn.input() + turn.output());
  }

  private static ObjectNode thought(Turn turn) {
    ObjectNode thought = Json.object().put("id", turn.name("rs_", 0)).put("type", "reasoning");
    thought.putArray("summary");
    return thought;
  }

  private static ObjectNode message(Turn turn, String text, String status) {
    ObjectNode message =
        Json.object()
            .put("id", turn.name("msg_", 0))
            .put("type", "message")
            .put("status", status)
            .put("role", "assistant");
    ArrayNode content = message.putArray("content");
    if (!status.equals("in_progress")) {
      content.add(text(text));
    }
    return message;
  }

  private static ObjectNode text(String text) {
    ObjectNode part = Json.object().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  private static ObjectNode call(Turn turn, int i, String arguments, String status) {
    return Json.object()
        .put("id", turn.name("fc_", i + 1))
        .put("type", "function_call")
        .put("status", status)
        .put("call_id", turn.name("call_", i + 1))
        .put("name", turn.wishes().get(i).tool())
        .put("arguments", arguments);
  }

  @Override
  public void stream(Turn turn, Telling telling) throws IOException {
    Sequence out = new Sequence(telling);
    out.event("response.created", holding("response", response(turn, "in_progress")));
    out.event("response.in_progress", holding("response", response(turn, "in_progress")));
    int index = 0;
    if (turn.reasoning() > 0) {
      out.event("response.output_item.added", item(index, thought(turn)));
      out.event("response.output_item.done", item(index++, thought(turn)));
    }
    if (!turn.text().isEmpty() || turn.wishes().isEmpty()) {
      streamMessage(turn, out, index++);
    }
    for (int i = 0; i < turn.wishes().size(); i++) {
      streamCall(turn, out, i, index++);
    }
    ObjectNode whole = (ObjectNode) Json.parse(whole(turn));
    String status = whole.path("status").asString("");
    out.last("response." + status, holding("response", whole));
  }

  private static void streamMessage(Turn turn, Sequence out, int index) throws IOException {
    String id = turn.name("msg_", 0);
    out.event("response.output_item.added", item(index, message(turn, "", "in_progress")));
    ObjectNode begun = part(id, index);
    begun.set("part", text(""));
    out.event("response.content_part.added", begun);
    for (String piece : turn.pieces(turn.text())) {
      ObjectNode delta = part(id, index).put("delta", piece);
      delta.putArray("logprobs");
      out.piece("response.output_text.delta", delta, Tokens.of(piece));
    }
    ObjectNode said = part(id, index).put("text", turn.text());
    said.putArray("logprobs");
    out.event("response.output_text.done", said);
    ObjectNode done = part(id, index);
    done.set("part", text(turn.text()));
    out.event("response.content_part.done", done);
    out.event("response.output_item.done", item(index, message(turn, turn.text(), "completed")));
  }

  private static void streamCall(Turn turn, Sequence out, int i, int index) throws IOException {
    String arguments = turn.wishes().get(i).arguments();
    String id = turn.name("fc_", i + 1);
    out.event("response.output_item.added", item(index, call(turn, i, "", "in_progress")));
    for (String piece : turn.pieces(arguments)) {
      ObjectNode delta =
          Json.object().put("item_id", id).put("output_index", index).put("delta", piece);
      out.piece("response.function_call_arguments.delta", delta, Tokens.of(piece));
    }
    ObjectNode done = Json.object().put("item_id", id).put("output_index", index);
    done.put("name", turn.wishes().get(i).tool()).put("arguments", arguments);
    out.event("response.function_call_arguments.done", done);
    out.event("response.output_item.done", item(index, call(turn, i, arguments, "completed")));
  }

  private static ObjectNode holding(String name, ObjectNode value) {
    ObjectNode event = Json.object();
    event.set(name, value);
    return event;
  }

  private static ObjectNode item(int index, ObjectNode item) {
    ObjectNode event = Json.object().put("output_index", index);
    event.set("item", item);
    return event;
  }

  private static ObjectNode part(String id, int index) {
    return Json.object().put("item_id", id).put("output_index", index).put("content_index", 0);
  }

  /** Numbers the events and names their types. */
  private static final class Sequence {
    private final Telling telling;
    private int number;

    Sequence(Telling telling) {
      this.telling = telling;
    }

    void event(String type, ObjectNode event) throws IOException {
      telling.event(type, numbered(type, event));
    }

    void piece(String type, ObjectNode event, int tokens) throws IOException {
      telling.piece(type, numbered(type, event), tokens);
    }

    void last(String type, ObjectNode event) throws IOException {
      telling.last(type, numbered(type, event));
    }

    private String numbered(String type, ObjectNode event) {
      return event.put("type", type).put("sequence_number", number++).toString();
    }
  }

  @Override
  public Event errorEvent(Turn turn) {
    if (!turn.ask().stream()) {
      ObjectNode failed = response(turn, "failed");
      failed
          .putObject("error")
          .put("code", "server_error")
          .put("message", "The server had an error");
      return new Event("", failed.toString());
    }
    ObjectNode error =
        Json.object()
            .put("type", "error")
            .put("code", "server_error")
            .put("message", "The server had an error");
    error.putNull("param");
    return new Event("error", error.put("sequence_number", 99).toString());
  }

  @Override
  public Refused deny(Denial denial, Ask ask, Mishap.@Nullable Retry retry) {
    return denials.deny(denial, ask, retry);
  }

  @Override
  public Map<String, String> headers(Turn turn) {
    return Map.of("x-request-id", turn.name("req_", 0), "openai-processing-ms", "1");
  }
}
