package dev.capstan.llm;

import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and so who pays.
 *
 * @param run the run it belongs to, if any
 * @param step of that run, or empty
 * @param agent within that run, or empty
 * @param key the name of the API key it came in with, or empty; never the key itself
 */
public record Origin(TenantId tenant, @Nullable RunId run, String step, String agent, String key) {
  /** Someone outside of any run. */
  public static Origin of(TenantId tenant) {
    return new Origin(tenant, null, "", "", "");
  }
}
