package dev.capstan.llm;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.gemini.Gemini;
import dev.capstan.llm.provider.openai.OpenAi;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who holds a conversation himself has to carry from one turn to the next, beside its
 * words: models do worse without, or refuse to go on.
 *
 * @param thoughts what the model thought aloud, which DeepSeek wants back; empty for nothing
 * @param signatures of the turn's tool requests one after the other, which Gemini wants back; empty
 *     texts, or fewer, where there are none
 */
public record Carried(String thoughts, List<String> signatures) {
  public Carried {
    signatures = List.copyOf(signatures);
  }

  /** What there is to carry of this turn. */
  public static Carried by(Message.Assistant said) {
    return new Carried(OpenAi.thoughts(said), Gemini.signatures(said));
  }

  /** Of the request in this place, from 0; empty for none. */
  public String signature(int request) {
    return request < signatures.size() ? signatures.get(request) : "";
  }

  /** The turn of which this was carried. */
  public Message.Assistant turn(String text, List<ToolRequest> requests) {
    return new Message.Assistant(text, requests, keepsake(text, requests));
  }

  private Message.@Nullable Keepsake keepsake(String text, List<ToolRequest> requests) {
    if (signatures.stream().anyMatch(signature -> !signature.isEmpty())) {
      return Gemini.signed(text, requests, signatures);
    }
    return thoughts.isEmpty() || requests.isEmpty() ? null : OpenAi.thought(thoughts);
  }
}
