package dev.capstan.llm.stage;

import java.time.Duration;
import java.util.List;

/**
 * Where questions to a model of the configuration go.
 *
 * @param model its name, as callers say it
 * @param targets who is asked, in this order; at least one
 * @param defaultOutputTokens the bound that a caller who names none is given
 * @param mostOutputTokens no caller is given more
 * @param cacheLife how long answers are kept; zero for not at all
 * @param patience how long a call waits for a limit or a budget of one target while another target
 *     is left
 */
public record Route(
    String model,
    List<Target> targets,
    Retries retries,
    int defaultOutputTokens,
    int mostOutputTokens,
    Duration cacheLife,
    Duration patience) {
  public Route {
    targets = List.copyOf(targets);
  }
}
