package dev.capstan.llm.stage;

/** A stage that each attempt at a provider passes. */
interface Leg {
  Tried attempt(Attempt attempt) throws InterruptedException;
}
