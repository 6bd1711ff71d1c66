package dev.capstan.tenancy;

import dev.capstan.kernel.TenantId;

/**
 * A tenant's weight where several compete for the same slots: twice the weight, twice the turns.
 *
 * @param weight at least 1
 */
public record Share(TenantId tenant, int weight) {
  public Share {
    if (weight < 1) {
      throw new IllegalArgumentException("a weight is at least 1: " + weight);
    }
  }

  /** The share of a tenant that nothing else is known of. */
  public static Share equal(TenantId tenant) {
    return new Share(tenant, 1);
  }
}
