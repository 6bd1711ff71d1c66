package dev.capstan.server.runs;

import dev.capstan.engine.Command;
import dev.capstan.engine.Engine;
import dev.capstan.engine.Fork;
import dev.capstan.engine.Told;
import dev.capstan.journal.RunEvent.Resolution;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.http.Fields;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a run can be told. Each is durable before the answer. */
public final class Commands {
  private static final int LONGEST_REASON = 2_000;
  private static final int LONGEST_NAME = 200;

  private record Taken(int seq, RunId run, RunStatus status) {}

  private final Engine engine;
  private final RunReader runs;
  private final Submissions submissions;

  public Commands(Engine engine, RunReader runs, Submissions submissions) {
    this.engine = engine;
    this.runs = runs;
    this.submissions = submissions;
  }

  public Answer cancel(Exchange exchange) throws IOException, InterruptedException {
    return tell(exchange, new Command.Cancel(exchange.by(), reason(exchange)));
  }

  public Answer pause(Exchange exchange) throws IOException, InterruptedException {
    return tell(exchange, new Command.Pause(exchange.by(), reason(exchange)));
  }

  private static @Nullable String reason(Exchange exchange) throws IOException {
    Fields fields = exchange.optionalFields();
    String reason = fields.text("reason", LONGEST_REASON);
    fields.end();
    return reason;
  }

  public Answer resume(Exchange exchange) throws IOException, InterruptedException {
    exchange.optionalFields().end();
    return tell(exchange, new Command.Resume(exchange.by()));
  }

  public Answer approve(Exchange exchange) throws IOException, InterruptedException {
    Fields fields = exchange.optionalFields();
    StepRef step = step(fields.text("step", LONGEST_NAME));
    boolean approved = fields.bool("approved", true);
    String comment = fields.text("comment", LONGEST_REASON);
    fields.end();
    return tell(exchange, new Command.Approve(step, approved, exchange.by(), comment));
  }

  public Answer signal(Exchange exchange) throws IOException, InterruptedException {
    Fields fields = exchange.fields();
    String name = fields.requiredText("name", LONGEST_NAME);
    JsonNode payload = fields.value("payload");
    fields.end();
    return tell(
        exchange,
        new Command.Signal(name, payload == null ? Json.nothing() : payload, exchange.by()));
  }

  public Answer resolve(Exchange exchange) throws IOException, InterruptedException {
    Fields fields = exchange.fields();
    String step = fields.requiredText("step", LONGEST_NAME);
    Resolution resolution = fields.oneOf("resolution", Resolution.values());
    JsonNode output = fields.value("output");
    fields.end();
    if (resolution == null) {
      throw new IllegalStateException("a missing resolution is a mistake");
    }
    return tell(
        exchange, new Command.Resolve(StepRef.parse(step), resolution, output, exchange.by()));
  }

  public Answer fork(Exchange exchange) throws IOException, InterruptedException {
    Fields fields = exchange.fields();
    String from = fields.requiredText("from", LONGEST_NAME);
    int turn = fields.integer("turn", 0, 1, 10_000);
    ObjectNode inputs = fields.object("inputs");
    ObjectNode stepInput = fields.object("step_input");
    ObjectNode steps = fields.object("steps");
    Map<String, ObjectNode> stepInputs = new HashMap<>();
    steps
        .properties()
        .forEach(step -> {
          if (step.getValue().isObject()) {
            stepInputs.put(step.getKey(), step.getValue().asObject());
          } else {
            fields.mistake("steps." + step.getKey(), "must be an object of inputs to set");
          }
        });
    if (!stepInput.isEmpty() && stepInputs.put(from, stepInput) != null) {
      fields.mistake("step_input", "the step's inputs are in steps already");
    }
    fields.end();
    Fork fork =
        new Fork(
            exchange.tenant(),
            exchange.run(),
            from,
            inputs,
            stepInputs,
            turn == 0 ? null : new Fork.Before("turn", turn),
            exchange.header("X-Correlation-Id"));
    return submissions.accepted(exchange.tenant(), Patience.await(engine.fork(fork)));
  }

  private static @Nullable StepRef step(@Nullable String text) {
    return text == null ? null : StepRef.parse(text);
  }

  private Answer tell(Exchange exchange, Command command) throws InterruptedException {
    RunId run = exchange.run();
    return switch (Patience.await(engine.tell(exchange.tenant(), run, command))) {
      case Told.Done done ->
          Answer.json(202, new Taken(done.seq(), run, runs.state(exchange.tenant(), run).status()));
      case Told.Refused refused -> throw refused.problem().refusal();
    };
  }
}
