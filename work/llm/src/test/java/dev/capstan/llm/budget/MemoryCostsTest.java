package dev.capstan.llm.budget;

import java.time.Duration;
import java.time.InstantSource;

class MemoryCostsTest extends CostsContract {
  private final MemoryVault vault = new MemoryVault(InstantSource.system(), Duration.ofSeconds(30));

  @Override
  protected Vault vault() {
    return vault;
  }

  @Override
  protected Costs costs() {
    return new MemoryCosts(vault);
  }
}
