package dev.capstan.llm.provider.wire;

import dev.capstan.kernel.Secret;
import dev.capstan.llm.provider.ProviderCall;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** One vendor's wire protocol. Immutable, and used by many calls at once. */
public interface Dialect {
  /** By OpenTelemetry's {@code gen_ai.provider.name}. */
  String name();

  /** The path under the endpoint's base, with a slash in front. */
  String path(ProviderCall call);

  /** The headers that say who asks. */
  Map<String, String> headers(Secret key);

  /** Writes the request's body. */
  void write(ProviderCall call, JsonGenerator out);

  /** Someone who understands the answer to this call and notes it in the draft. */
  Listener listen(ProviderCall call, Draft draft);

  /**
   * What an error means.
   *
   * @param status of HTTP; 0 for an error in the middle of a stream
   * @param body the vendor's JSON; missing when it sent none
   */
  WireFault fault(int status, JsonNode body, ReplyHeaders headers);

  /** Reads one answer. */
  interface Listener {
    /** The whole answer, of a call that does not stream. */
    void whole(JsonNode body) throws WireFault;

    /**
     * One event of a stream.
     *
     * @return whether the vendor has said its last word
     */
    boolean event(SseReader event) throws WireFault;

    /**
     * Told when the stream ended in order without a last word: returns if the answer is whole all
     * the same.
     */
    default void ended() throws WireFault {
      throw WireFault.of(
          dev.capstan.llm.provider.FaultKind.CONNECTION_BROKEN,
          "the stream ended before the answer did");
    }
  }
}
