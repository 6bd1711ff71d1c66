package dev.capstan.cli.verb;

import dev.capstan.kernel.Json;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** What a person wishes to be done: in words or as a plan, with what, and at what cost at most. */
final class Wish {
  @Parameters(
      index = "0",
      paramLabel = "PROMPT|PLAN",
      description =
          "What to do in words, a file (.yaml, .yml, .json) with a plan, a crew or an agent, or -"
              + " for the standard input.")
  String target = "";

  @Parameters(
      index = "1..*",
      paramLabel = "NAME=TEXT|NAME:=JSON",
      description = "Inputs of the plan.")
  List<String> pairs = new ArrayList<>();

  @Option(
      names = {"-i", "--input"},
      paramLabel = "NAME=TEXT|NAME:=JSON",
      description = "An input of the plan; may be repeated.")
  List<String> inputs = new ArrayList<>();

  @Option(
      names = "--max-cost",
      paramLabel = "DOLLARS",
      description =
          "What all models of the run may cost together; a call that could cost more is not made.")
  String maxCost = "";

  /**
   * As the server wants to be told it.
   *
   * @param in read when the target is {@code -}
   */
  ObjectNode body(InputStream in) {
    ObjectNode body = Json.object();
    List<String> all = new ArrayList<>(inputs);
    all.addAll(pairs);
    if (target.equals("-") || PlanFile.looksLikeOne(target)) {
      body.put("plan", PlanFile.read(target, in));
      body.set("inputs", Inputs.read(all));
    } else if (all.isEmpty()) {
      body.put("prompt", target);
    } else {
      throw Desk.wrong(
          "inputs belong to a plan, and '"
              + target
              + "' is taken for a prompt; quote a prompt of several words");
    }
    if (!maxCost.isEmpty()) {
      body.put("max_cost", maxCost);
    }
    return body;
  }
}
