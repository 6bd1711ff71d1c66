package dev.capstan.memory.chroma;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.capstan.kernel.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers as Chroma 1.5.9 was seen to answer: 201 for an add, which leaves ids alone that are
 * there; 404 with {@code NotFoundError} for a collection that is gone; {@code where_document} with
 * letters' case; lists of lists for a query; an offset and a limit for pages.
 */
final class ChromaTwin implements AutoCloseable {
  /** How it answers. */
  enum Mood {
    WELL,
    BROKEN,
    NO_JSON,
    SILENT,
    FORGETFUL
  }

  private static final String BASE =
      "/api/v2/tenants/default_tenant/databases/default_database/collections";

  private record Kept(String id, JsonNode embedding, String document, JsonNode metadata) {}

  private record Shelf(String id, String name, JsonNode metadata, Map<String, Kept> kept) {}

  private record Reply(int status, JsonNode body) {}

  private final HttpServer server;
  private final Map<String, Shelf> shelves = new LinkedHashMap<>();
  private final AtomicInteger made = new AtomicInteger();
  private volatile Mood mood = Mood.WELL;

  ChromaTwin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  void mood(Mood wanted) {
    mood = wanted;
  }

  /** As when somebody empties the server. */
  synchronized void forgetAll() {
    shelves.clear();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (mood == Mood.SILENT) {
      return;
    }
    Reply reply;
    String text;
    if (mood == Mood.BROKEN) {
      reply = new Reply(500, Json.object().put("error", "InternalError"));
      text = Json.write(reply.body());
    } else {
      reply = reply(exchange, body);
      text = mood == Mood.NO_JSON ? "<html>" : Json.write(reply.body());
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized Reply reply(HttpExchange exchange, String body) {
    String path = exchange.getRequestURI().getPath();
    if (!path.startsWith(BASE)) {
      return new Reply(404, Json.object().put("error", "no such path"));
    }
    String[] parts = path.substring(BASE.length()).split("/", -1);
    JsonNode asked = body.isEmpty() ? Json.object() : Json.parse(body);
    if (parts.length == 1) {
      return exchange.getRequestMethod().equals("POST")
          ? new Reply(200, shown(make(asked)))
          : new Reply(200, page(exchange.getRequestURI().getQuery()));
    }
    Shelf shelf =
        shelves.values().stream()
            .filter(one -> one.id().equals(parts[1]) || one.name().equals(parts[1]))
            .findFirst()
            .orElse(null);
    if (shelf == null || mood == Mood.FORGETFUL) {
      return new Reply(
          404,
          Json.object()
              .put("error", "NotFoundError")
              .put("message", "Collection [" + parts[1] + "] does not exist"));
    }
    if (parts.length == 2) {
      if (exchange.getRequestMethod().equals("DELETE")) {
        shelves.remove(shelf.name());
        return new Reply(200, Json.object());
      }
      return new Reply(200, shown(shelf));
    }
    return switch (parts[2]) {
      case "add" -> add(shelf, asked);
      case "count" -> new Reply(200, Json.number(shelf.kept().size()));
      case "get" -> get(shelf, asked);
      case "query" -> query(shelf, asked);
      case "delete" -> delete(shelf, asked);
      default -> new Reply(404, Json.object().put("error", "no such path"));
    };
  }

  private Shelf make(JsonNode asked) {
    return shelves.computeIfAbsent(
        asked.path("name").asString(),
        name ->
            new Shelf(
                "id-" + made.incrementAndGet(),
                name,
                asked.path("metadata"),
                new LinkedHashMap<>()));
  }

  private static ObjectNode shown(Shelf shelf) {
    return Json.object()
        .put("id", shelf.id())
        .put("name", shelf.name())
        .set("metadata", shelf.metadata());
  }

  private ArrayNode page(String query) {
    int limit = figure(query, "limit=");
    int offset = figure(query, "offset=");
    ArrayNode page = Json.mapper().createArrayNode();
    shelves.values().stream().skip(offset).limit(limit).forEach(one -> page.add(shown(one)));
    return page;
  }

  private static int figure(String query, String name) {
    return Integer.parseInt(query.replaceAll(".*" + name + "([0-9]+).*", "$1"));
  }

  private static Reply add(Shelf shelf, JsonNode asked) {
    for (int i = 0; i < asked.path("ids").size(); i++) {
      String id = asked.path("ids").get(i).asString();
      shelf
          .kept()
          .putIfAbsent(
              id,
              new Kept(
                  id,
                  asked.path("embeddings").get(i),
                  asked.path("documents").get(i).asString(),
                  asked.path("metadatas").get(i)));
    }
    return new Reply(201, Json.object());
  }

  private static Reply get(Shelf shelf, JsonNode asked) {
    List<Kept> found = new ArrayList<>();
    for (Kept kept : shelf.kept().values()) {
      boolean meant =
          !asked.has("ids")
              || asked.path("ids").valueStream().anyMatch(id -> id.asString().equals(kept.id()));
      if (meant && contains(kept, asked.path("where_document"))) {
        found.add(kept);
      }
    }
    int offset = asked.path("offset").asInt(0);
    int limit = asked.path("limit").asInt(Integer.MAX_VALUE);
    List<Kept> page = found.stream().skip(offset).limit(limit).toList();
    ObjectNode body = Json.object();
    body.set("ids", array(page.stream().map(kept -> Json.text(kept.id())).toList()));
    body.set("metadatas", array(page.stream().map(Kept::metadata).toList()));
    body.set("embeddings", array(page.stream().map(Kept::embedding).toList()));
    return new Reply(200, body);
  }

  private static boolean contains(Kept kept, JsonNode where) {
    if (where.has("$or")) {
      return where.path("$or").valueStream().anyMatch(one -> contains(kept, one));
    }
    return !where.has("$contains") || kept.document().contains(where.path("$contains").asString());
  }

  private static Reply query(Shelf shelf, JsonNode asked) {
    JsonNode target = asked.path("query_embeddings").get(0);
    List<Kept> nearest =
        shelf.kept().values().stream()
            .sorted((one, other) ->
                Double.compare(dot(other.embedding(), target), dot(one.embedding(), target)))
            .limit(asked.path("n_results").asInt())
            .toList();
    ObjectNode body = Json.object();
    body.putArray("ids").add(array(nearest.stream().map(kept -> Json.text(kept.id())).toList()));
    body.putArray("metadatas").add(array(nearest.stream().map(Kept::metadata).toList()));
    body.putArray("embeddings").add(array(nearest.stream().map(Kept::embedding).toList()));
    return new Reply(200, body);
  }

  private static double dot(JsonNode one, JsonNode other) {
    double sum = 0;
    for (int i = 0; i < one.size(); i++) {
      sum += one.get(i).asDouble() * other.get(i).asDouble();
    }
    return sum;
  }

  private static Reply delete(Shelf shelf, JsonNode asked) {
    asked.path("ids").forEach(id -> shelf.kept().remove(id.asString()));
    return new Reply(200, Json.object().put("deleted", asked.path("ids").size()));
  }

  private static ArrayNode array(List<JsonNode> items) {
    return Json.mapper().createArrayNode().addAll(items);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
