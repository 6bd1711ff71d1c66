package dev.capstan.llm.config;

import dev.capstan.kernel.Secret;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Draft;
import dev.capstan.llm.provider.wire.ReplyHeaders;
import dev.capstan.llm.provider.wire.WireFault;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.filter.FilteringGeneratorDelegate;
import tools.jackson.core.filter.TokenFilter;
import tools.jackson.databind.JsonNode;

/** A dialect whose requests lack what one server does not take. */
record Dropping(Dialect dialect, Set<ProviderSettings.Param> params) implements Dialect {
  @Override
  public String name() {
    return dialect.name();
  }

  @Override
  public String path(ProviderCall call) {
    return dialect.path(call);
  }

  @Override
  public Map<String, String> headers(Secret key) {
    return dialect.headers(key);
  }

  @Override
  public void write(ProviderCall call, JsonGenerator out) {
    TokenFilter.Inclusion whole = TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH;
    dialect.write(call, new FilteringGeneratorDelegate(out, new TopLevel(), whole, true));
  }

  @Override
  public Listener listen(ProviderCall call, Draft draft) {
    return dialect.listen(call, draft);
  }

  @Override
  public WireFault fault(int status, JsonNode body, ReplyHeaders headers) {
    return dialect.fault(status, body, headers);
  }

  /** Sees the request's own fields, and lets whatever is in those that stay pass. */
  private final class TopLevel extends TokenFilter {
    @Override
    public @Nullable TokenFilter includeProperty(String field) {
      boolean drops =
          params.stream().anyMatch(each -> each.name().toLowerCase(Locale.ROOT).equals(field));
      return drops ? null : TokenFilter.INCLUDE_ALL;
    }
  }
}
