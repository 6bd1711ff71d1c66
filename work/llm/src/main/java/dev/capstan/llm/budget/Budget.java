package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;

/** The most that may be spent from an account. */
public record Budget(Account account, Money limit) {}
