package dev.capstan.server.openai;

import dev.capstan.kernel.Json;
import dev.capstan.llm.Carried;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer in OpenAI's words.
 *
 * @param model as it was asked for
 * @param created seconds since 1970
 */
record Completion(String id, String model, long created) {
  ObjectNode whole(Told.Answered told) {
    Answer answer = told.answer();
    Message.Assistant said = answer.message();
    ObjectNode message = Json.object().put("role", "assistant");
    if (said.text().isEmpty() && !said.toolRequests().isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", said.text());
    }
    message.putNull("refusal");
    Carried carried = Carried.by(said);
    if (!carried.thoughts().isEmpty()) {
      message.put("reasoning_content", carried.thoughts());
    }
    if (!said.toolRequests().isEmpty()) {
      ArrayNode calls = message.putArray("tool_calls");
      for (int i = 0; i < said.toolRequests().size(); i++) {
        calls.add(sign(call(said.toolRequests().get(i)), carried.signature(i)));
      }
    }
    ObjectNode choice = Json.object().put("index", 0);
    choice.set("message", message);
    choice.putNull("logprobs").put("finish_reason", answer.finish().wireName());
    ObjectNode whole = head("chat.completion");
    whole.putArray("choices").add(choice);
    whole.set("usage", usage(answer.usage()));
    return whole;
  }

  private static ObjectNode call(ToolRequest request) {
    ObjectNode call = Json.object().put("id", request.id()).put("type", "function");
    call.putObject("function").put("name", request.tool()).put("arguments", request.arguments());
    return call;
  }

  /** Where Google's own clients, and those who learned of them, look for it. */
  static ObjectNode sign(ObjectNode call, String signature) {
    if (!signature.isEmpty()) {
      call.putObject("extra_content").putObject("google").put("thought_signature", signature);
    }
    return call;
  }

  /** A chunk of a stream whose one choice has this delta. */
  ObjectNode chunk(ObjectNode delta) {
    ObjectNode choice = Json.object().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs").putNull("finish_reason");
    ObjectNode chunk = head("chat.completion.chunk");
    chunk.putArray("choices").add(choice);
    return chunk;
  }

  /** The chunk that says why it ended, what it cost and who answered. */
  ObjectNode last(Told.Answered told) {
    ObjectNode choice = Json.object().put("index", 0);
    choice.putObject("delta");
    choice.putNull("logprobs").put("finish_reason", told.answer().finish().wireName());
    ObjectNode chunk = head("chat.completion.chunk");
    chunk.putArray("choices").add(choice);
    chunk
        .putObject("capstan")
        .put("cost", told.cost().toString())
        .put("provider", told.provider())
        .put("cache", told.cached() ? "hit" : "miss");
    return chunk;
  }

  /** The chunk after the last one, for whoever asked what was used. */
  ObjectNode used(Usage usage) {
    ObjectNode chunk = head("chat.completion.chunk");
    chunk.putArray("choices");
    chunk.set("usage", usage(usage));
    return chunk;
  }

  private ObjectNode head(String object) {
    return Json.object()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }

  private static ObjectNode usage(Usage usage) {
    ObjectNode told =
        Json.object()
            .put("prompt_tokens", usage.inputTokens())
            .put("completion_tokens", usage.outputTokens())
            .put("total_tokens", usage.totalTokens());
    told.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedInputTokens());
    told.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
    return told;
  }
}
