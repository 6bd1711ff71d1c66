package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import dev.capstan.cli.picture.Values;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.cli.terminal.Times;
import dev.capstan.kernel.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How the server is doing. */
@Command(name = "status", description = "Show how the server is doing, and why if not well.")
public final class StatusVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  public StatusVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Server server = desk.server(manner);
    JsonNode status = server.get("/status");
    JsonNode health = status.path("health");
    if (manner.json) {
      ObjectNode both = Json.object();
      both.set("health", health);
      both.set("status", status);
      desk.json(both);
    } else {
      draw(server, status, health);
    }
    return 0;
  }

  private void draw(Server server, JsonNode status, JsonNode health) {
    String state = health.path("status").asString("");
    String sign =
        switch (state) {
          case "healthy" -> desk.paint().good("✓ healthy");
          case "degraded" -> desk.paint().warn("! degraded");
          default -> desk.paint().bad("✗ " + Safe.line(state));
        };
    String uptime =
        Times.parse(status.path("started_at").asString(""))
            .map(
                at -> ", up " + Times.length(Duration.between(at, desk.around().clock().instant())))
            .orElse("");
    desk.say(
        sign
            + "  "
            + server.url()
            + "  "
            + desk.paint()
                .quiet("capstan " + Safe.line(status.path("version").asString("")) + uptime));
    for (JsonNode reason : health.path("reasons").values()) {
      desk.say(
          "  "
              + desk.paint()
                  .warn(Values.brief(reason.path("detail"), desk.around().screen().columns() - 2)));
      if (reason.has("remedy")) {
        desk.say("    " + desk.paint().quiet(Safe.line(reason.path("remedy").asString(""))));
      }
    }
    row("runs", status.path("runs"));
    row("steps", status.path("steps"));
    row("journal", status.path("journal"));
    row("keeping", status.path("keeping"));
    for (JsonNode held : status.path("keeping").path("held").values()) {
      desk.say("  " + desk.paint().warn(Values.brief(held, desk.around().screen().columns() - 2)));
    }
    for (JsonNode breaker : status.path("breakers").values()) {
      row("circuit", breaker);
    }
  }

  private void row(String label, JsonNode figures) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, JsonNode> figure : figures.properties()) {
      if (figure.getValue().isValueNode() && !figure.getValue().isNull()) {
        text.append(text.isEmpty() ? "" : " · ")
            .append(Safe.line(figure.getKey()).replace('_', ' '));
        text.append(' ').append(Values.brief(figure.getValue(), 60));
      }
    }
    if (!text.isEmpty()) {
      String clipped = Safe.clip(text.toString(), desk.around().screen().columns() - 11);
      desk.say("  " + desk.paint().quiet(Safe.pad(label, 8)) + " " + clipped);
    }
  }
}
