package dev.capstan.llm.stage;

import dev.capstan.llm.Told;

/** A stage that a question passes, from the first to the last answer to it. */
interface Stage {
  Told ask(Question question) throws InterruptedException;
}
