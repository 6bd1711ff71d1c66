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
 * @param server whose they are
 */
record ChatDialect(Server server) implements Dialect {
  static final String NAME = "openai";

  @Override
  public String name() {
    return NAME;
  }

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
    new ChatRequest(out, server).write(call);
  }

  @Override
  public Listener listen(ProviderCall call, Draft draft) {
    return new ChatListener(call.model(), draft);
  }

  @Override
  public WireFault fault(int status, JsonNode body, ReplyHeaders headers) {
    return OpenAiFaults.of(status, body, headers);
  }
}
