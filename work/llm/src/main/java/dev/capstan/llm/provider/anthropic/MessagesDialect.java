package dev.capstan.llm.provider.anthropic;

import dev.capstan.kernel.Secret;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Draft;
import dev.capstan.llm.provider.wire.ReplyHeaders;
import dev.capstan.llm.provider.wire.WireFault;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Messages. */
record MessagesDialect() implements Dialect {
  static final String NAME = "anthropic";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String path(ProviderCall call) {
    return "/messages";
  }

  @Override
  public Map<String, String> headers(Secret key) {
    return Map.of("x-api-key", key.reveal(), "anthropic-version", "2023-06-01");
  }

  @Override
  public void write(ProviderCall call, JsonGenerator out) {
    new MessagesRequest(out).write(call);
  }

  @Override
  public Listener listen(ProviderCall call, Draft draft) {
    return new MessagesListener(draft);
  }

  @Override
  public WireFault fault(int status, JsonNode body, ReplyHeaders headers) {
    return AnthropicFaults.of(status, body, headers);
  }
}
