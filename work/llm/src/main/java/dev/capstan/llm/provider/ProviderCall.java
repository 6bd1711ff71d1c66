package dev.capstan.llm.provider;

import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolOffer;
import java.time.Duration;
import java.util.List;

/**
 * One attempt at one provider.
 *
 * @param model by the vendor's name
 * @param timeout for the whole of it
 * @param idleTimeout the longest silence: until the first byte, and between two
 */
public record ProviderCall(
    String model,
    List<Message> messages,
    List<ToolOffer> tools,
    Sampling sampling,
    AnswerFormat format,
    boolean stream,
    Duration timeout,
    Duration idleTimeout) {
  public ProviderCall {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }
}
