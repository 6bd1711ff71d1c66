package dev.capstan.server;

import dev.capstan.engine.Watcher;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.RunId;
import dev.capstan.views.LiveEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Passes on what the engine tells: progress to the streams, trouble to the log. */
final class Watch implements Watcher {
  private static final Logger LOG = LoggerFactory.getLogger("dev.capstan.engine");

  private final LiveEvents live;

  Watch(LiveEvents live) {
    this.live = live;
  }

  @Override
  public void progress(RunId run, StepRef step, JsonNode progress) {
    live.progress(run, step, progress);
  }

  @Override
  public void toolDefect(RunId run, StepRef step, String tool, Throwable defect) {
    LOG.atError()
        .addKeyValue("run_id", run)
        .addKeyValue("step", step)
        .addKeyValue("tool", tool)
        .setCause(defect)
        .log("a tool broke in a way that it should not");
  }

  @Override
  public void loopDefect(RunId run, Throwable defect) {
    LOG.atError().addKeyValue("run_id", run).setCause(defect).log("a defect in the run loop");
  }

  @Override
  public void fenced(RunId run) {
    LOG.atWarn().addKeyValue("run_id", run).log("another process owns the run now");
  }

  @Override
  public void leaseLate(Throwable why) {
    LOG.warn("the lease is late: {}", why.getMessage());
  }

  @Override
  public void recovered(int runs) {
    LOG.info("took over {} unfinished runs", runs);
  }
}
