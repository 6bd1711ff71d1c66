package dev.capstan.llm.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the model chooses its words; what is null is left to the vendor.
 *
 * @param maxOutputTokens at least 1; when null the gateway sets the bound that it reserved for
 */
public record Sampling(
    @Nullable Integer maxOutputTokens,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Long seed,
    List<String> stop,
    ToolChoice toolChoice,
    boolean parallelTools) {
  /** Everything as the vendor likes it. */
  public static final Sampling DEFAULT =
      new Sampling(null, null, null, null, List.of(), new ToolChoice.Auto(), true);

  public Sampling {
    stop = List.copyOf(stop);
  }

  public Sampling withMaxOutputTokens(int tokens) {
    return new Sampling(tokens, temperature, topP, seed, stop, toolChoice, parallelTools);
  }
}
