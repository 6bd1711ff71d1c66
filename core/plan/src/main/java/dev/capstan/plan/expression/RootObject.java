package dev.capstan.plan.expression;

import dev.capstan.plan.Scope;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A scope as JSONata reads it: only what an expression touches is looked up and converted. */
final class RootObject extends AbstractMap<String, @Nullable Object> {
  private final Scope scope;
  private final Map<String, Object> read = new LinkedHashMap<>();

  RootObject(Scope scope) {
    this.scope = scope;
  }

  @Override
  public @Nullable Object get(Object key) {
    if (!(key instanceof String name)) {
      return null;
    }
    Object known = read.get(name);
    if (known != null) {
      return known;
    }
    Object value =
        name.equals(Roots.STEPS)
            ? new Steps(scope)
            : scope.root(name).map(Bridge::toJava).orElse(null);
    if (value != null) {
      read.put(name, value);
    }
    return value;
  }

  @Override
  public boolean containsKey(Object key) {
    return Roots.STEPS.equals(key) || (key instanceof String name && scope.root(name).isPresent());
  }

  @Override
  public Set<Map.Entry<String, @Nullable Object>> entrySet() {
    return new LazyObject(scope.whole()).entrySet();
  }

  /** The finished steps. */
  private static final class Steps extends AbstractMap<String, @Nullable Object> {
    private final Scope scope;
    private final Map<String, Object> read = new LinkedHashMap<>();

    Steps(Scope scope) {
      this.scope = scope;
    }

    @Override
    public @Nullable Object get(Object key) {
      if (!(key instanceof String id)) {
        return null;
      }
      Object known = read.get(id);
      if (known != null) {
        return known;
      }
      Optional<JsonNode> output = scope.stepOutput(id);
      if (output.isEmpty()) {
        return null;
      }
      Object step = new LazyObject(Roots.step(output.get()));
      read.put(id, step);
      return step;
    }

    @Override
    public boolean containsKey(Object key) {
      return get(key) != null;
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
      JsonNode steps = scope.whole().get(Roots.STEPS);
      return steps == null ? Set.of() : new LazyObject(steps).entrySet();
    }
  }
}
