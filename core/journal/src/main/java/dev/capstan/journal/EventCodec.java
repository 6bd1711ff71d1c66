package dev.capstan.journal;

import dev.capstan.kernel.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Events as JSON text and back. Wire names are the records' names in snake case. Old events always
 * decode: an unknown field is skipped, and a field that is new is optional.
 */
public final class EventCodec {
  private static final Map<String, Class<? extends RunEvent>> TYPES = new HashMap<>();
  private static final Map<Class<? extends RunEvent>, String> NAMES = new HashMap<>();

  static {
    for (Class<?> type : records(RunEvent.class)) {
      Class<? extends RunEvent> event = type.asSubclass(RunEvent.class);
      String name = snakeCase(type.getSimpleName());
      TYPES.put(name, event);
      NAMES.put(event, name);
    }
  }

  private EventCodec() {}

  private static List<Class<?>> records(Class<?> sealedType) {
    return java.util.Arrays.stream(sealedType.getPermittedSubclasses())
        .<Class<?>>flatMap(
            type -> type.isRecord() ? java.util.stream.Stream.of(type) : records(type).stream())
        .toList();
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?<=.)([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** Every event's wire name. */
  public static java.util.Set<String> wireNames() {
    return java.util.Collections.unmodifiableSet(TYPES.keySet());
  }

  public static String wireName(RunEvent event) {
    String name = NAMES.get(event.getClass());
    if (name == null) {
      throw new IllegalStateException("not an event: " + event.getClass());
    }
    return name;
  }

  /** The event's fields as compact JSON. */
  public static String encode(RunEvent event) {
    return Json.write(event);
  }

  /** The fields of each event as compact JSON. */
  public static List<String> encode(List<RunEvent> events) {
    return Json.writeEach(events);
  }

  /**
   * Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_request} for an unknown name or
   * text that is no such event.
   */
  public static RunEvent decode(String wireName, String json) {
    Class<? extends RunEvent> type = TYPES.get(wireName);
    if (type == null) {
      throw dev.capstan.kernel.Problem.of(
              dev.capstan.kernel.ProblemCode.INVALID_REQUEST,
              "no event is called '" + wireName + "'; was this written by a newer Capstan?")
          .refusal();
    }
    return Json.parse(json, type);
  }
}
