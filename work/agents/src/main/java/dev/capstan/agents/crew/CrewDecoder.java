package dev.capstan.agents.crew;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.plan.ToolCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** From a document to a crew; every mistake of form goes to the findings. */
final class CrewDecoder {
  private static final List<String> OF_CREW =
      List.of("agents", "tasks", "process", "manager", "max_delegations");
  private static final List<String> OF_SINGLE = List.of("task", "expected_output", "output_schema");
  private static final int DELEGATIONS = 10;
  private static final int MOST_DELEGATIONS = 100;

  private final Reading reading;
  private final Findings findings;
  private final AgentDecoder decoder;
  private final String name;

  /**
   * @param name of a crew that does not say its own; may be empty
   */
  CrewDecoder(Reading reading, ToolCatalog tools, List<String> models, String name) {
    this.reading = reading;
    this.findings = reading.findings();
    this.name = name;
    this.decoder = new AgentDecoder(reading, tools, models);
  }

  Crew crew(JsonNode root) {
    List<String> known = new ArrayList<>(Crew.OF_PLAN);
    known.addAll(OF_CREW);
    Elsewhere.CREW.object(root, At.ROOT, known, reading);
    Crew.Sharing process =
        reading.oneOf(
            root.get("process"),
            At.ROOT.field("process"),
            Crew.Sharing.SEQUENTIAL,
            Crew.Sharing.class);
    List<CrewAgent> agents = agents(root);
    CrewAgent manager = manager(root.get("manager"), process, agents);
    List<CrewAgent> workers =
        agents.stream().filter(agent -> manager == null || !agent.equals(manager)).toList();
    if (manager != null && manager.brief().has("tools")) {
      findings.add(
          manager.at().field("tools"),
          "a manager has no tools but asking its workers",
          Optional.of("give them to one of these"));
    }
    if (manager != null && workers.isEmpty() && !agents.isEmpty()) {
      findings.add(At.ROOT.field("manager"), "the manager has nobody to delegate to");
    }
    int delegations =
        reading.integer(
            root.get("max_delegations"),
            At.ROOT.field("max_delegations"),
            1,
            MOST_DELEGATIONS,
            DELEGATIONS);
    boolean managed = process == Crew.Sharing.HIERARCHICAL;
    if (!managed && root.has("max_delegations")) {
      findings.addKey(At.ROOT.field("max_delegations"), "only a manager delegates", hierarchical());
    }
    return new Crew(
        plan(root, "crew"), workers, manager, delegations, tasks(root, workers, managed));
  }

  /** A document with one agent is a crew of one, whose task may be left to whoever runs it. */
  Crew single(JsonNode root) {
    List<String> known = new ArrayList<>(Crew.OF_PLAN);
    known.addAll(AgentDecoder.FIELDS);
    known.addAll(OF_SINGLE);
    Elsewhere.AGENT.object(root, At.ROOT, known, reading);
    ObjectNode plan = plan(root, "agent");
    CrewAgent agent =
        decoder.decode(new Named(plan.path("name").asString("agent"), root.asObject(), At.ROOT));
    ObjectNode task = Json.object();
    String asked = reading.text(root.get("task"), At.ROOT.field("task"));
    task.put("description", asked == null ? "${inputs.task}" : asked);
    for (String field : OF_SINGLE.subList(1, OF_SINGLE.size())) {
      if (root.has(field)) {
        task.set(field, root.path(field));
      }
    }
    if (asked == null && !root.has("task") && !root.path("inputs").has("task")) {
      JsonNode inputs = root.get("inputs");
      ObjectNode more =
          inputs != null && inputs.isObject() ? inputs.deepCopy().asObject() : Json.object();
      more.putObject("task").put("type", "string").put("description", "what to do");
      plan.set("inputs", more);
    }
    TaskDecoder tasks = new TaskDecoder(reading, List.of(agent.name()), true);
    CrewTask only = tasks.decode(new Named("work", task, At.ROOT), List.of(), List.of("work"));
    return new Crew(plan, List.of(agent), null, 0, List.of(of(only, agent)));
  }

  private static CrewTask of(CrewTask task, CrewAgent agent) {
    return new CrewTask(
        task.id(),
        task.at(),
        agent.name(),
        task.description(),
        task.expectedOutput(),
        task.context(),
        false,
        false,
        task.outputSchema(),
        task.step());
  }

  private ObjectNode plan(JsonNode root, String fallback) {
    ObjectNode plan = Json.object();
    for (String field : Crew.OF_PLAN) {
      if (root.has(field)) {
        plan.set(field, root.path(field));
      }
    }
    if (!plan.has("name")) {
      plan.put("name", name.isEmpty() ? fallback : name);
    }
    return plan;
  }

  private List<CrewAgent> agents(JsonNode root) {
    return Named.read(root.get("agents"), At.ROOT.field("agents"), "name", "agents", reading)
        .stream()
        .map(this::agent)
        .toList();
  }

  private CrewAgent agent(Named named) {
    List<String> known = new ArrayList<>(AgentDecoder.FIELDS);
    known.add("name");
    Elsewhere.AGENT.object(named.value(), named.at(), known, reading);
    return decoder.decode(named);
  }

  private @Nullable CrewAgent manager(
      @Nullable JsonNode value, Crew.Sharing process, List<CrewAgent> agents) {
    At at = At.ROOT.field("manager");
    if (process == Crew.Sharing.SEQUENTIAL) {
      if (value != null) {
        findings.addKey(at, "a sequential crew has no manager", hierarchical());
      }
      return null;
    }
    if (value == null || value.isNull()) {
      findings.add(
          At.ROOT,
          "a hierarchical crew needs a manager",
          Optional.of("write manager: {role: …, goal: …}, or the name of one of the agents"));
      return null;
    }
    if (value.isObject()) {
      return agent(new Named(value.path("name").asString("manager"), value.asObject(), at));
    }
    String name = reading.text(value, at);
    List<String> names = agents.stream().map(CrewAgent::name).toList();
    if (name != null && !names.contains(name)) {
      findings.add(
          at,
          "there is no agent '" + Reading.shortened(name) + "'",
          Spelling.suggestion(name, names));
    }
    return agents.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
  }

  private static Optional<String> hierarchical() {
    return Optional.of("write process: hierarchical");
  }

  private List<CrewTask> tasks(JsonNode root, List<CrewAgent> workers, boolean managed) {
    List<Named> named =
        Named.read(root.get("tasks"), At.ROOT.field("tasks"), "id", "tasks", reading);
    List<String> all = named.stream().map(Named::name).toList();
    TaskDecoder tasks =
        new TaskDecoder(reading, workers.stream().map(CrewAgent::name).toList(), managed);
    List<CrewTask> decoded = new ArrayList<>();
    for (int i = 0; i < named.size(); i++) {
      decoded.add(tasks.decode(named.get(i), all.subList(0, i), all));
    }
    decoded.stream().filter(CrewTask::humanInput).forEach(reviewed -> clashes(reviewed, decoded));
    return decoded;
  }

  /** A task that is called as a step which its crew makes of another. */
  private void clashes(CrewTask reviewed, List<CrewTask> all) {
    for (CrewTask task : all) {
      if (task.id().equals(reviewed.review()) || task.id().equals(reviewed.revised())) {
        findings.add(
            task.at(),
            "the id '" + task.id() + "' is taken by the review of " + reviewed.at().path());
      }
    }
  }
}
