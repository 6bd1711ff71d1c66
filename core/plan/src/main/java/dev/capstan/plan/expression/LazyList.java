package dev.capstan.plan.expression;

import java.util.AbstractList;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A JSON array as JSONata reads it, its items converted when they are asked for. */
final class LazyList extends AbstractList<@Nullable Object> implements RandomAccess {
  private final JsonNode node;
  private final @Nullable Object[] items;

  LazyList(JsonNode node) {
    this.node = node;
    this.items = new Object[node.size()];
  }

  JsonNode node() {
    return node;
  }

  @Override
  public @Nullable Object get(int index) {
    Object item = items[index];
    if (item == null) {
      item = Bridge.toJava(node.get(index));
      items[index] = item;
    }
    return item;
  }

  @Override
  public int size() {
    return items.length;
  }
}
