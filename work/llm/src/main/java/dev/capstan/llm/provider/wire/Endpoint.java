package dev.capstan.llm.provider.wire;

import dev.capstan.kernel.Secret;
import java.net.URI;
import java.util.Map;
import org.apache.hc.core5.http.HttpHost;

/**
 * Where a provider is asked, and as whom.
 *
 * @param name as configured, such as {@code openai-main}
 * @param base what the vendor's paths are joined to, such as {@code https://api.openai.com/v1}
 * @param key may be empty for servers that want none
 * @param headers sent with every request, beside the vendor's own
 */
public record Endpoint(String name, URI base, Secret key, Map<String, String> headers) {
  public Endpoint {
    headers = Map.copyOf(headers);
  }

  public static Endpoint of(String name, String base, Secret key) {
    return new Endpoint(name, URI.create(base), key, Map.of());
  }

  HttpHost host() {
    return HttpHost.create(base);
  }

  URI at(String path) {
    String root = base.toString();
    return URI.create(
        root.endsWith("/") ? root.substring(0, root.length() - 1) + path : root + path);
  }
}
