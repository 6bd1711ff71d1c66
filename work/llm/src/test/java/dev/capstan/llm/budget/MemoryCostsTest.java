package dev.capstan.llm.budget;

import dev.capstan.kernel.time.ManualTimers;
import java.time.Duration;

class MemoryCostsTest extends CostsContract {
  private final ManualTimers time = new ManualTimers();
  private final MemoryVault vault = new MemoryVault(time, Duration.ofSeconds(30));

  @Override
  protected Vault vault() {
    return vault;
  }

  @Override
  protected void endLeases() {
    time.advance(Duration.ofSeconds(30), () -> {});
  }

  @Override
  protected Costs costs() {
    return new MemoryCosts(vault);
  }
}
