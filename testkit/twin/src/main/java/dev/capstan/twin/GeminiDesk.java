package dev.capstan.twin;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Gemini's generateContent and streamGenerateContent. */
final class GeminiDesk implements Desk {
  private final GeminiDenials denials;

  GeminiDesk(InstantSource clock) {
    this.denials = new GeminiDenials(clock);
  }

  @Override
  public @Nullable Refused check(Ask ask, HttpAsk http) {
    if (ask.key().isEmpty()) {
      return GeminiDenials.wrongKey("nothing");
    }
    if (!ask.body().isObject()) {
      return GeminiDenials.mistake("Invalid JSON payload received.");
    }
    Checks checks = GeminiCheck.of(ask.body());
    if (Signatures.wantedBy(ask.model())) {
      Signatures.check(checks, ask.body().path("contents"));
    }
    return checks.passed() ? null : GeminiDenials.mistake(checks.first());
  }

  @Override
  public String whole(Turn turn) {
    ObjectNode body = chunk(turn, turn.output(), turn.reportsUsage());
    ObjectNode candidate = (ObjectNode) body.path("candidates").path(0);
    ArrayNode parts = (ArrayNode) candidate.path("content").path("parts");
    if (!turn.scene().thinking().isEmpty()) {
      parts.addObject().put("text", turn.scene().thinking()).put("thought", true);
    }
    if (!turn.text().isEmpty()) {
      parts.addObject().put("text", turn.text());
    }
    for (int i = 0; i < turn.wishes().size(); i++) {
      parts.add(call(turn, i));
    }
    candidate.put("finishReason", finish(turn));
    return body.toString();
  }

  /** A part of the answer with an empty content. */
  private static ObjectNode chunk(Turn turn, int output, boolean reported) {
    ObjectNode body = Json.object();
    ObjectNode candidate = body.putArray("candidates").addObject();
    ObjectNode content = candidate.putObject("content").put("role", "model");
    content.putArray("parts");
    candidate.put("index", 0);
    if (reported) {
      body.set("usageMetadata", usage(turn, output));
    }
    return body.put("modelVersion", turn.ask().model()).put("responseId", turn.name("", 0));
  }

  /** Google counts the thoughts beside the candidates' tokens, not among them. */
  private static ObjectNode usage(Turn turn, int output) {
    int thoughts = Math.min(turn.reasoning(), output);
    ObjectNode usage =
        Json.object()
            .put("promptTokenCount", turn.input())
            .put("candidatesTokenCount", output - thoughts)
            .put("totalTokenCount", turn.input() + output);
    if (thoughts > 0) {
      usage.put("thoughtsTokenCount", thoughts);
    }
    if (turn.scene().count().cached() > 0) {
      usage.put("cachedContentTokenCount", turn.scene().count().cached());
    }
    return usage;
  }

  /** Later models number their calls, and sign the first of a turn. */
  private static ObjectNode call(Turn turn, int i) {
    ObjectNode part = Json.object();
    ObjectNode call = part.putObject("functionCall").put("name", turn.wishes().get(i).tool());
    call.set("args", args(turn.wishes().get(i).arguments()));
    boolean late = Signatures.wantedBy(turn.ask().model());
    if (late) {
      call.put("id", turn.name("fc_", i));
    }
    if (i == 0 && (late || !turn.scene().thinking().isEmpty())) {
      part.put("thoughtSignature", Signatures.of(turn.scene().thinking()));
    }
    return part;
  }

  private static JsonNode args(String arguments) {
    try {
      JsonNode parsed = Json.parse(arguments);
      return parsed.isObject() ? parsed : Json.object();
    } catch (Refusal noJson) {
      return Json.object();
    }
  }

  private static String finish(Turn turn) {
    return switch (turn.finish()) {
      case STOP, TOOLS -> "STOP";
      case LENGTH -> "MAX_TOKENS";
      case FILTERED -> "SAFETY";
    };
  }

  @Override
  public void stream(Turn turn, Telling telling) throws IOException {
    int output = turn.reasoning();
    if (!turn.scene().thinking().isEmpty()) {
      ObjectNode thought = chunk(turn, output, turn.reportsUsage());
      parts(thought).addObject().put("text", turn.scene().thinking()).put("thought", true);
      telling.event("", thought.toString());
    }
    List<String> pieces = turn.pieces(turn.text());
    for (String piece : pieces) {
      int tokens = Tokens.of(piece);
      output += tokens;
      ObjectNode chunk = chunk(turn, Math.min(output, turn.output()), turn.reportsUsage());
      parts(chunk).addObject().put("text", piece);
      telling.piece("", chunk.toString(), tokens);
    }
    for (int i = 0; i < turn.wishes().size(); i++) {
      int tokens = Turn.tokens(turn.wishes().get(i));
      output += tokens;
      ObjectNode chunk = chunk(turn, Math.min(output, turn.output()), turn.reportsUsage());
      parts(chunk).add(call(turn, i));
      telling.piece("", chunk.toString(), tokens);
    }
    ObjectNode last = chunk(turn, turn.output(), turn.reportsUsage());
    parts(last).addObject().put("text", "");
    ((ObjectNode) last.path("candidates").path(0)).put("finishReason", finish(turn));
    telling.last("", last.toString());
  }

  private static ArrayNode parts(ObjectNode chunk) {
    return (ArrayNode) chunk.path("candidates").path(0).path("content").path("parts");
  }

  @Override
  public Event errorEvent(Turn turn) {
    return new Event(
        "",
        GeminiDenials.body(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")
            .toString());
  }

  @Override
  public Refused deny(Denial denial, Ask ask, Mishap.@Nullable Retry retry) {
    return denials.deny(denial, ask, retry);
  }

  @Override
  public Map<String, String> headers(Turn turn) {
    return Map.of("server-timing", "gfet4t7; dur=1");
  }
}
