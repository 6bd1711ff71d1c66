package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;

/**
 * Money that is set aside for one attempt. It is settled once; if its owner dies before, the ledger
 * settles it at {@code most}, because the vendor may have billed it.
 *
 * @param id unique in the ledger
 */
public record Reservation(long id, Claim claim) {
  public Money most() {
    return claim.most();
  }
}
