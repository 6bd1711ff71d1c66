package dev.capstan.memory.chroma;

import dev.capstan.agents.memory.Remembered;
import dev.capstan.kernel.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One group's memories as a collection of Chroma's. */
final class Collection {
  /** Somebody deleted the collection meanwhile. */
  static final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Gone() {
      super("the collection is gone", null, false, false);
    }
  }

  /** What was found, and how near it is by meaning. */
  record Found(Remembered memory, double likeness) {}

  private static final int PAGE = 300;
  private static final String KEPT = "kept";

  private final ChromaWire wire;
  private final String path;

  Collection(ChromaWire wire, String id) {
    this.wire = wire;
    this.path = "/" + id;
  }

  /** Adds it unless its id is there. */
  void add(Remembered memory, float[] meaning) {
    ObjectNode body = Json.object();
    body.putArray("ids").add(memory.id());
    body.putArray("embeddings").add(numbers(meaning));
    // What is searched by words; letters' case does not matter to us, and does to Chroma.
    body.putArray("documents").add(memory.text().toLowerCase(Locale.ROOT));
    body.putArray("metadatas").addObject().put(KEPT, Json.write(memory));
    post("/add", body);
  }

  int count() {
    JsonNode count = wire.get(path + "/count");
    if (count == null) {
      throw new Gone();
    }
    return count.asInt();
  }

  List<Remembered> byId(String id) {
    ObjectNode body = asking("metadatas");
    body.putArray("ids").add(id);
    return memories(post("/get", body));
  }

  List<Remembered> all() {
    List<Remembered> all = new ArrayList<>();
    List<Remembered> page;
    do {
      ObjectNode body = asking("metadatas").put("limit", PAGE).put("offset", all.size());
      page = memories(post("/get", body));
      all.addAll(page);
    } while (page.size() == PAGE);
    return all;
  }

  void delete(List<String> ids) {
    for (int from = 0; from < ids.size(); from += PAGE) {
      ObjectNode body = Json.object();
      ids.subList(from, Math.min(ids.size(), from + PAGE)).forEach(body.withArray("ids")::add);
      post("/delete", body);
    }
  }

  /** The nearest by meaning, and such as have any of the words in them. */
  List<Found> near(float[] meaning, List<String> words, int most) {
    ObjectNode nearest = asking("metadatas", "embeddings").put("n_results", most);
    nearest.putArray("query_embeddings").add(numbers(meaning));
    Map<String, Found> found = new LinkedHashMap<>();
    JsonNode answer = post("/query", nearest);
    found(meaning, answer.path("metadatas").path(0), answer.path("embeddings").path(0), found);
    if (!words.isEmpty()) {
      ObjectNode having = asking("metadatas", "embeddings").put("limit", most);
      having.set("where_document", containing(words));
      JsonNode others = post("/get", having);
      found(meaning, others.path("metadatas"), others.path("embeddings"), found);
    }
    return List.copyOf(found.values());
  }

  private static JsonNode containing(List<String> words) {
    List<JsonNode> each =
        words.stream().map(word -> (JsonNode) Json.object().put("$contains", word)).toList();
    if (each.size() == 1) {
      return each.getFirst();
    }
    ObjectNode any = Json.object();
    any.putArray("$or").addAll(each);
    return any;
  }

  private static void found(
      float[] target, JsonNode metadatas, JsonNode embeddings, Map<String, Found> found) {
    for (int i = 0; i < metadatas.size(); i++) {
      Remembered memory = read(metadatas.get(i));
      found.putIfAbsent(memory.id(), new Found(memory, likeness(embeddings.path(i), target)));
    }
  }

  private static ObjectNode asking(String... fields) {
    ObjectNode body = Json.object();
    ArrayNode include = body.putArray("include");
    for (String field : fields) {
      include.add(field);
    }
    return body;
  }

  private static ArrayNode numbers(float[] meaning) {
    ArrayNode numbers = Json.mapper().createArrayNode();
    for (float number : meaning) {
      numbers.add(number);
    }
    return numbers;
  }

  private JsonNode post(String what, JsonNode body) {
    JsonNode answer = wire.post(path + what, body);
    if (answer == null) {
      throw new Gone();
    }
    return answer;
  }

  private static List<Remembered> memories(JsonNode answer) {
    List<Remembered> memories = new ArrayList<>();
    answer.path("metadatas").forEach(metadata -> memories.add(read(metadata)));
    return Collections.unmodifiableList(memories);
  }

  private static Remembered read(JsonNode metadata) {
    return Json.parse(metadata.path(KEPT).asString(""), Remembered.class);
  }

  private static double likeness(JsonNode numbers, float[] target) {
    double sum = 0;
    for (int i = 0; i < target.length; i++) {
      sum += numbers.path(i).asDouble(0) * target[i];
    }
    return sum;
  }
}
