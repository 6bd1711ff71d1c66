package dev.capstan.server.cases;

import dev.capstan.engine.Engine;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunState;
import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.rehearsal.Comparison;
import dev.capstan.server.rehearsal.JournalScript;
import dev.capstan.server.rehearsal.Rehearsal;
import dev.capstan.server.rehearsal.Rehearsed;
import dev.capstan.server.rehearsal.Script;
import dev.capstan.server.runs.RunReader;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /runs/{id}/case}: a run that has ended as a test that passes. */
public final class CaseDesk {
  private final Engine engine;
  private final RunReader runs;

  public CaseDesk(Engine engine, RunReader runs) {
    this.engine = engine;
    this.runs = runs;
  }

  public Answer record(Exchange exchange) throws InterruptedException {
    List<Recorded> events = runs.events(exchange.tenant(), exchange.run());
    RunState state = runs.fold(exchange.run(), events);
    if (!state.hasPlan()) {
      throw conflict("this run has no plan");
    }
    Script script =
        JournalScript.of(state, run -> runs.events(exchange.tenant(), run), engine.plans()::plan);
    Rehearsed first = Rehearsal.of(script);
    List<Comparison.Difference> differences = Comparison.of(state, first.state());
    if (!differences.isEmpty()) {
      throw conflict(
          "run again from its recording this run ends otherwise, so it makes no test: "
              + differences.getFirst().what()
              + "; capstan replay shows it");
    }
    ObjectNode document =
        CaseWriter.document(
            script,
            JournalScript.planOfCase(state, events),
            state.status().wireName(),
            first.played());
    CaseWriter.asserts(document, OfflineTrial.facts(tried(document, state.status())));
    return Answer.text(200, "application/yaml", CaseWriter.page(document));
  }

  /** A case is not given away before it was seen to run. */
  private static Rehearsed tried(ObjectNode document, RunStatus status)
      throws InterruptedException {
    ObjectNode complete = document.deepCopy();
    complete.putArray("asserts").addObject().put("status", "completed");
    CaseReader.Read read = CaseReader.read(CaseWriter.page(complete), name -> name);
    Case made =
        switch (read) {
          case CaseReader.Read.Valid valid -> valid.found();
          case CaseReader.Read.Invalid invalid -> {
            Mistake mistake = invalid.mistakes().getFirst();
            throw conflict("this run cannot be written as a case: " + mistake);
          }
        };
    Rehearsed rehearsed = Rehearsal.of(made.script());
    String wrong = null;
    if (!rehearsed.misses().isEmpty()) {
      wrong = rehearsed.misses().getFirst().what();
    } else if (rehearsed.stuck() != null) {
      wrong = rehearsed.stuck();
    } else if (rehearsed.state().status() != status) {
      wrong =
          "it ended " + status.wireName() + " and ends " + rehearsed.state().status().wireName();
    }
    if (wrong != null) {
      throw conflict("this run makes no test, because it is not the same each time: " + wrong);
    }
    return rehearsed;
  }

  private static Refusal conflict(String detail) {
    return Problem.of(ProblemCode.CONFLICT, detail).refusal();
  }
}
