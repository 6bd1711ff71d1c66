package dev.capstan.engine;

import dev.capstan.journal.StepRef;
import dev.capstan.kernel.RunId;
import tools.jackson.databind.JsonNode;

/**
 * Hears what is worth telling and is not in any journal: for logs, live progress and alarms. Every
 * method must be quick.
 */
public interface Watcher {
  /** Hears nothing. */
  Watcher NONE = new Watcher() {};

  /** A step under way told how far it is. */
  default void progress(RunId run, StepRef step, JsonNode progress) {}

  /** A tool broke in a way that it should not. */
  default void toolDefect(RunId run, StepRef step, String tool, Throwable defect) {}

  /** The run loop itself broke: a defect of ours; the run is taken up again from its journal. */
  default void loopDefect(RunId run, Throwable defect) {}

  /** Another process owns the run now. */
  default void fenced(RunId run) {}

  /** The lease could not be renewed, or abandoned runs not be looked for; it is tried again. */
  default void leaseLate(Throwable why) {}

  /** Runs of dead owners were taken over. */
  default void recovered(int runs) {}
}
