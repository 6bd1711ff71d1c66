package dev.capstan.server.openai;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.config.GatewaySettings;
import dev.capstan.llm.config.ModelSettings;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models}: the models that may be asked for, and who answers for them. */
public final class ModelDesk {
  private final Gateway gateway;
  private final GatewaySettings settings;
  private final RunModels runs;
  private final long since;

  public ModelDesk(Gateway gateway, GatewaySettings settings, RunModels runs, InstantSource clock) {
    this.runs = runs;
    this.gateway = gateway;
    this.settings = settings;
    this.since = clock.millis() / 1000;
  }

  public Answer list(Exchange exchange) {
    ObjectNode list = Json.object().put("object", "list");
    ArrayNode models = list.putArray("data");
    gateway.models().forEach(model -> models.add(model(model)));
    runs.names().forEach(model -> models.add(model(model)));
    return Answer.ok(list);
  }

  public Answer show(Exchange exchange) {
    String name = exchange.path("id");
    if (!gateway.models().contains(name) && !runs.names().contains(name)) {
      return Trouble.of(Problem.of(ProblemCode.NOT_FOUND, "there is no such model")).answer();
    }
    return Answer.ok(model(name));
  }

  /** What OpenAI has and Capstan has not, told as its clients can read it. */
  public Answer stray(Exchange exchange) {
    String asked = exchange.request().getMethod() + " " + exchange.request().getRequestURI();
    return Trouble.unknown(
            asked
                + " is not offered: models answer at POST /v1/chat/completions and are listed at"
                + " GET /v1/models")
        .answer();
  }

  private ObjectNode model(String name) {
    ObjectNode shown = Json.object().put("id", name).put("object", "model").put("created", since);
    ModelSettings model = settings.models().get(name);
    shown.put(
        "owned_by",
        model == null || model.choices().isEmpty()
            ? "capstan"
            : model.choices().getFirst().provider());
    ArrayNode targets = shown.putArray("targets");
    if (model != null) {
      for (ModelSettings.Choice choice : model.choices()) {
        targets.addObject().put("provider", choice.provider()).put("model", choice.model());
      }
    }
    List<Mistake> mistakes = runs.mistakes(name);
    if (!mistakes.isEmpty()) {
      ArrayNode told = shown.putArray("mistakes");
      mistakes.forEach(mistake -> told.add(mistake.toString()));
    }
    return shown;
  }
}
