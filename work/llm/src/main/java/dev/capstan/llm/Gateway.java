package dev.capstan.llm;

import dev.capstan.llm.chat.DeltaSink;
import java.util.List;

/** The one door to models; whoever wants an answer asks here, and nobody asks a provider else. */
public interface Gateway {
  /**
   * Asks, within the call's limits, budgets and deadline; every expected end is a {@link Told}.
   * Pieces are told to the sink as they come. Once one was told, no other provider's answer is
   * joined to it.
   */
  Told ask(ModelCall call, DeltaSink sink, Patience.WaitListener listener)
      throws InterruptedException;

  /** The models that may be asked for, by name. */
  List<String> models();
}
