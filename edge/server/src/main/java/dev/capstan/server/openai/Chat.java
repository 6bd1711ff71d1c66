package dev.capstan.server.openai;

import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Origin;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolOffer;
import java.time.Instant;
import java.util.List;

/**
 * What a client asks for.
 *
 * @param usage whether the last event of the stream is to tell what was used
 */
record Chat(
    Origin origin,
    String model,
    List<Message> messages,
    List<ToolOffer> tools,
    Sampling sampling,
    AnswerFormat format,
    boolean stream,
    boolean usage) {
  ModelCall call(boolean cacheable, Instant deadline) {
    return new ModelCall(
        origin, model, messages, tools, sampling, format, stream, cacheable, List.of(), deadline);
  }
}
