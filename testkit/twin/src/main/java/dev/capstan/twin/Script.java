package dev.capstan.twin;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides how each request is answered, in this order: what was queued with {@link #next}, the
 * scene named by the header {@code x-twin-scene}, by the place, by the model, what {@link #decide}
 * says, and else {@link #always}. May be changed while requests are under way.
 */
public final class Script {
  /** The header that names a scene. */
  public static final String HEADER = "x-twin-scene";

  private final Queue<Scene> queue = new ConcurrentLinkedQueue<>();
  private final Map<String, Scene> named = new ConcurrentHashMap<>();
  private volatile Function<Ask, @Nullable Scene> decision = ask -> null;
  private volatile Scene always = Scene.says("The twin has heard you.");

  Script() {}

  /** What is answered when nothing else is said. */
  public Script always(Scene scene) {
    always = scene;
    return this;
  }

  /** The next requests, whoever sends them, are answered so, one each. */
  public Script next(Scene... scenes) {
    queue.addAll(List.of(scenes));
    return this;
  }

  /** Requests to this place, for this model, or whose header says this name, are answered so. */
  public Script on(String placeOrModelOrName, Scene scene) {
    named.put(placeOrModelOrName, scene);
    return this;
  }

  /** Asked for each request that nothing else decides; null leaves it to {@link #always}. */
  public Script decide(Function<Ask, @Nullable Scene> decides) {
    decision = decides;
    return this;
  }

  /** Forgets all but {@link #always}. */
  public Script forget() {
    queue.clear();
    named.clear();
    decision = ask -> null;
    return this;
  }

  Scene sceneFor(Ask ask) {
    Scene queued = queue.poll();
    if (queued != null) {
      return queued;
    }
    if (!named.isEmpty()) {
      Scene byName = byName(ask.headers().getOrDefault(HEADER, ""), ask.place(), ask.model());
      if (byName != null) {
        return byName;
      }
    }
    Scene decided = decision.apply(ask);
    return decided == null ? always : decided;
  }

  private @Nullable Scene byName(String... names) {
    for (String name : names) {
      Scene scene = name.isEmpty() ? null : named.get(name);
      if (scene != null) {
        return scene;
      }
    }
    return null;
  }
}
