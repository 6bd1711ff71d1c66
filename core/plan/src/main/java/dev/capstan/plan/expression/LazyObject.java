package dev.capstan.plan.expression;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object as JSONata reads it, its fields converted when they are asked for; one that comes
 * out again is the object that went in, exact.
 */
final class LazyObject extends AbstractMap<String, @Nullable Object> {
  private final JsonNode node;
  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
  private boolean complete;

  LazyObject(JsonNode node) {
    this.node = node;
  }

  JsonNode node() {
    return node;
  }

  @Override
  public @Nullable Object get(Object key) {
    if (fields.containsKey(key)) {
      return fields.get(key);
    }
    JsonNode child = complete || !(key instanceof String name) ? null : node.get(name);
    if (child == null) {
      return null;
    }
    Object value = Bridge.toJava(child);
    fields.put((String) key, value);
    return value;
  }

  @Override
  public boolean containsKey(Object key) {
    return key instanceof String name && node.has(name);
  }

  @Override
  public int size() {
    return node.size();
  }

  @Override
  public Set<Map.Entry<String, @Nullable Object>> entrySet() {
    if (!complete) {
      Map<String, @Nullable Object> all = LinkedHashMap.newLinkedHashMap(node.size());
      node.propertyNames().forEach(name -> all.put(name, get(name)));
      fields.clear();
      fields.putAll(all);
      complete = true;
    }
    return fields.entrySet();
  }
}
