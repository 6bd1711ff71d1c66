package dev.capstan.tools;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Makes tools in Java. With records the schemas come from their components:
 *
 * <pre>{@code
 * record Greeting(String name, @Nullable String language) {}
 * record Greeted(String text) {}
 *
 * Tool greet = Tools.pure("greet", "Greets someone.", Greeting.class, Greeted.class,
 *     (greeting, call) -> new Greeted("hello " + greeting.name()));
 * }</pre>
 *
 * <p>A component is required unless it is {@code @Nullable}; names become snake_case; texts,
 * numbers, booleans, enums, instants, lists, maps with text keys, records and {@link JsonNode} are
 * understood. Anything else throws {@link IllegalArgumentException}. Which of the three verbs to
 * take depends on what repeating the work means, see {@link Effect}.
 */
public final class Tools {
  private Tools() {}

  /** A tool that touches nothing outside. */
  public static <I extends Record, O extends Record> Tool pure(
      String name, String description, Class<I> input, Class<O> output, Work<I, O> work) {
    return of(spec(name, description, input, output, Effect.PURE), input, work);
  }

  /** A tool that is safe to repeat with the same {@link ToolCall#idempotencyKey()}. */
  public static <I extends Record, O extends Record> Tool idempotent(
      String name, String description, Class<I> input, Class<O> output, Work<I, O> work) {
    return of(spec(name, description, input, output, Effect.IDEMPOTENT), input, work);
  }

  /** A tool that must not be repeated blindly. */
  public static <I extends Record, O extends Record> Tool once(
      String name, String description, Class<I> input, Class<O> output, Work<I, O> work) {
    return of(spec(name, description, input, output, Effect.ONCE), input, work);
  }

  /** A tool with schemas of one's own, from JSON to JSON. */
  public static Tool of(ToolSpec spec, Function<ToolCall, JsonNode> work) {
    return new FunctionTool(spec, call -> Outcome.completed(work.apply(call)));
  }

  private static ToolSpec spec(
      String name, String description, Class<?> input, Class<?> output, Effect effect) {
    return new ToolSpec(name, description, RecordSchema.of(input), RecordSchema.of(output), effect);
  }

  private static <I, O> Tool of(ToolSpec spec, Class<I> input, Work<I, O> work) {
    return new FunctionTool(
        spec,
        call -> {
          I given;
          try {
            given = Json.mapper().treeToValue(call.input(), input);
          } catch (JacksonException unfit) {
            // Fits the schema and not the type, such as a number that is too large for an int.
            return Outcome.failed(ProblemCode.INVALID_INPUT, unfit.getOriginalMessage());
          }
          return Outcome.completed(Json.valueOf(work.apply(given, call)));
        });
  }

  private interface Body {
    Outcome call(ToolCall call) throws InterruptedException;
  }

  private record FunctionTool(ToolSpec spec, Body body) implements Tool {
    @Override
    public Outcome call(ToolCall call) throws InterruptedException {
      return body.call(call);
    }
  }
}
