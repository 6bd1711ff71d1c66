package dev.capstan.agents.replay;

import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Tools that answer what they answered when it was recorded. Only agents work, on a {@link
 * RecordedGateway}; and a pure tool may compute what was not recorded, for it needs nothing from
 * outside and always gives the same.
 */
public final class RecordedToolbox implements Toolbox {
  private final Toolbox known;
  private final Tape tape;
  private final Function<RunId, String> place;
  private final Map<String, Tool> asking = new HashMap<>();

  /**
   * @param known the tools as they are: their schemas, and the pure ones to compute with
   * @param place as in {@link RecordedGateway}
   * @param asking makes the tools that ask models, over the tools that it is given
   */
  public RecordedToolbox(
      Toolbox known,
      Tape tape,
      Function<RunId, String> place,
      Function<Toolbox, List<Tool>> asking) {
    this.known = known;
    this.tape = tape;
    this.place = place;
    asking.apply(this).forEach(tool -> this.asking.put(tool.spec().name(), tool));
  }

  @Override
  public Optional<ToolSpec> spec(String name) {
    Tool asks = asking.get(name);
    if (asks != null) {
      return Optional.of(asks.spec());
    }
    Optional<ToolSpec> spec = known.spec(name);
    return spec.isPresent() || !tape.knows(name) ? spec : Optional.of(open(name));
  }

  /** A tool that is not here, of which only its results are known. */
  private static ToolSpec open(String name) {
    return new ToolSpec(name, "Was recorded.", Json.object(), Json.object(), Effect.IDEMPOTENT);
  }

  @Override
  public List<ToolSpec> specs() {
    return Stream.concat(known.specs().stream(), asking.values().stream().map(Tool::spec)).toList();
  }

  @Override
  public Optional<Tool> tool(String name) {
    return spec(name).map(spec -> new Playing(this, spec));
  }

  private record Playing(RecordedToolbox box, ToolSpec spec) implements Tool {
    @Override
    public Outcome call(ToolCall call) throws InterruptedException {
      return box.play(spec, call);
    }

    /** What a breaker refused was recorded too. */
    @Override
    public boolean keepsBreakers() {
      return true;
    }
  }

  private Outcome play(ToolSpec spec, ToolCall call) throws InterruptedException {
    String step = place.apply(call.run()) + call.step();
    String own = call.run() + "/" + call.step();
    String rest =
        call.idempotencyKey().startsWith(own) ? call.idempotencyKey().substring(own.length()) : "";
    boolean undo = rest.equals("/undo");
    String where = undo ? step + rest : step;
    String request = undo || rest.isEmpty() ? "" : rest.substring(1);
    Optional<Outcome> recorded = tape.result(where, request, spec.name(), call.input());
    if (recorded.isPresent()) {
      return recorded.get();
    }
    Tool asks = asking.get(spec.name());
    if (asks != null) {
      tape.begin(step);
      return asks.call(with(call, new Noted(call.checkpoints(), tape.notes(step))));
    }
    Optional<Tool> real = known.tool(spec.name());
    if (spec.effect() == Effect.PURE && real.isPresent()) {
      Outcome outcome = real.get().call(call);
      tape.called(new RecordedResult(where, request, spec.name(), call.input(), outcome));
      return outcome;
    }
    tape.missed(where, spec.name(), call.input());
    return new Outcome.Failed(
        Problem.of(
            ProblemCode.NOT_FOUND, "no result of this call of " + spec.name() + " was recorded"),
        false);
  }

  private static ToolCall with(ToolCall call, Checkpoints checkpoints) {
    return new ToolCall(
        call.run(),
        call.tenant(),
        call.step(),
        call.attempt(),
        call.idempotencyKey(),
        call.input(),
        call.deadline(),
        call.pulse(),
        checkpoints);
  }

  /** What was kept, and before it what an agent is to find kept already. */
  private record Noted(Checkpoints own, List<RecordedNote> notes) implements Checkpoints {
    @Override
    public List<Checkpoint> kept() {
      return Stream.concat(
              notes.stream().map(note -> new Checkpoint(note.key(), note.value())),
              own.kept().stream())
          .toList();
    }

    @Override
    public CompletableFuture<Void> keep(String key, JsonNode value) {
      return own.keep(key, value);
    }
  }
}
