package dev.capstan.llm.budget;

import java.time.Instant;

/**
 * One attempt at one provider, and what it cost: the truth about money.
 *
 * @param id of its reservation; grows with time
 */
public record LedgerRow(long id, Instant at, Claim claim, Settlement settlement) {}
