package dev.capstan.llm.provider.openai;

import dev.capstan.kernel.Secret;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Draft;
import dev.capstan.llm.provider.wire.ReplyHeaders;
import dev.capstan.llm.provider.wire.WireFault;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Chat completions.
 *
 * @param compatible whether the server is not OpenAI's own
 */
record ChatDialect(String name, boolean compatible) implements Dialect {
  @Override
  public String path(ProviderCall call) {
    return "/chat/completions";
  }

  @Override
  public Map<String, String> headers(Secret key) {
    return Map.of("Authorization", "Bearer " + key.reveal());
  }

  @Override
  public void write(ProviderCall call, JsonGenerator out) {
    new ChatRequest(out, compatible).write(call);
  }

  @Override
  public Listener listen(ProviderCall call, Draft draft) {
    return new ChatListener(draft);
  }

  @Override
  public WireFault fault(int status, JsonNode body, ReplyHeaders headers) {
    return OpenAiFaults.of(status, body, headers);
  }
}
