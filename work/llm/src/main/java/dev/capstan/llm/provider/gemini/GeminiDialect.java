package dev.capstan.llm.provider.gemini;

import dev.capstan.kernel.Secret;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Draft;
import dev.capstan.llm.provider.wire.ReplyHeaders;
import dev.capstan.llm.provider.wire.WireFault;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** generateContent, and its streaming twin by server-sent events. */
record GeminiDialect() implements Dialect {
  static final String NAME = "gcp.gemini";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String path(ProviderCall call) {
    String model = URLEncoder.encode(call.model(), StandardCharsets.UTF_8).replace("+", "%20");
    return "/models/"
        + model
        + (call.stream() ? ":streamGenerateContent?alt=sse" : ":generateContent");
  }

  @Override
  public Map<String, String> headers(Secret key) {
    return Map.of("x-goog-api-key", key.reveal());
  }

  @Override
  public void write(ProviderCall call, JsonGenerator out) {
    new GeminiRequest(call.model(), out).write(call);
  }

  @Override
  public Listener listen(ProviderCall call, Draft draft) {
    return new GeminiListener(draft);
  }

  @Override
  public WireFault fault(int status, JsonNode body, ReplyHeaders headers) {
    return GeminiFaults.of(status, body, headers);
  }
}
