package dev.capstan.server.cases;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Reading;
import dev.capstan.server.rehearsal.Script;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what people and programs tell a run. */
final class GivenReader {
  private final Reading reading;

  GivenReader(Reading reading) {
    this.reading = reading;
  }

  Script.Given read(@Nullable JsonNode node) {
    At at = At.ROOT.field("given");
    if (node == null || !reading.object(node, at, List.of("approvals", "signals"))) {
      return Script.Given.NOTHING;
    }
    List<Script.Approval> approvals = new ArrayList<>();
    for (Item item : items(node, "approvals", List.of("step", "approved", "by", "comment"))) {
      String by = reading.text(item.node.get("by"), item.at.field("by"));
      approvals.add(
          new Script.Approval(
              needed(item, "step"),
              reading.truth(item.node.get("approved"), item.at.field("approved"), true),
              by == null ? "the case" : by,
              reading.text(item.node.get("comment"), item.at.field("comment"))));
    }
    List<Script.Signal> signals = new ArrayList<>();
    for (Item item : items(node, "signals", List.of("within", "name", "payload", "by"))) {
      String within = reading.text(item.node.get("within"), item.at.field("within"));
      JsonNode payload = item.node.get("payload");
      signals.add(
          new Script.Signal(
              within == null ? "" : within,
              needed(item, "name"),
              payload == null ? Json.nothing() : payload,
              reading.text(item.node.get("by"), item.at.field("by"))));
    }
    return new Script.Given(approvals, signals);
  }

  private record Item(JsonNode node, At at) {}

  private List<Item> items(JsonNode node, String name, List<String> fields) {
    At at = At.ROOT.field("given").field(name);
    JsonNode list = node.get(name);
    List<Item> items = new ArrayList<>();
    if (list != null && !list.isArray()) {
      reading.wrong(list, at, "a list");
    } else if (list != null) {
      for (int i = 0; i < list.size(); i++) {
        if (reading.object(list.get(i), at.item(i), fields)) {
          items.add(new Item(list.get(i), at.item(i)));
        }
      }
    }
    return items;
  }

  private String needed(Item item, String name) {
    String text = reading.text(item.node.get(name), item.at.field(name));
    if (text == null && !item.node.has(name)) {
      reading.findings().add(item.at, "there is no " + name);
    }
    return text == null ? "" : text;
  }
}
