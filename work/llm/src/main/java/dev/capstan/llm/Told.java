package dev.capstan.llm;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.provider.Fault;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a {@link ModelCall} ended. */
public sealed interface Told {
  /** What it cost, every attempt included. */
  Money cost();

  /** Every attempt, in order. */
  List<Try> tries();

  /**
   * @param provider who answered
   * @param cached whether nobody had to be asked
   */
  record Answered(Answer answer, String provider, boolean cached, Money cost, List<Try> tries)
      implements Told {
    public Answered {
      tries = List.copyOf(tries);
    }
  }

  /**
   * @param partial what had been passed on before the answer broke off; null when nothing had
   * @param retryAfter when it is worth asking again, as far as anybody said
   */
  record Failed(
      Problem problem,
      @Nullable Answer partial,
      @Nullable Duration retryAfter,
      Money cost,
      List<Try> tries)
      implements Told {
    public Failed {
      tries = List.copyOf(tries);
    }
  }

  /**
   * One attempt at one provider.
   *
   * @param fault null for the one that answered
   */
  record Try(String provider, String model, @Nullable Fault fault, Money cost, Duration took) {}
}
