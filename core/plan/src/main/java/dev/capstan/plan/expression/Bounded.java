package dev.capstan.plan.expression;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.Jsonata.JFunction;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A function of ours under the name and signature of JSONata's. */
final class Bounded extends JFunction {
  private final Function<List<@Nullable Object>, @Nullable Object> body;

  Bounded(String name, String signature, Function<List<@Nullable Object>, @Nullable Object> body) {
    this(name, signature, name, body);
  }

  Bounded(
      String name,
      String signature,
      String method,
      Function<List<@Nullable Object>, @Nullable Object> body) {
    super(name, signature, Functions.class, null, method);
    this.body = body;
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public @Nullable Object call(@Nullable Object input, List arguments) {
    return body.apply((List<@Nullable Object>) arguments);
  }
}
