package dev.capstan.plan.expression;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.Frame;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Scope;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Anything that JSONata can say. The library keeps what changes per evaluation in frames and per
 * thread, so one parsed expression serves all threads.
 */
final class JsonataMeaning implements Meaning {
  private final String source;
  private final Set<String> regexes;
  private final boolean wildcard;
  private final Jsonata parsed;

  /** Throws {@link BadExpression}. */
  JsonataMeaning(String source, Syntax syntax) {
    this.source = source;
    this.regexes = Set.copyOf(syntax.regexes());
    this.wildcard = syntax.hasWildcard();
    this.parsed = parse(source);
  }

  private static Jsonata parse(String source) {
    try {
      Jsonata parsed = Jsonata.jsonata(source);
      parsed.setValidateInput(false);
      Texts.register(parsed);
      Dates.register(parsed);
      leaveTheThread();
      return parsed;
    } catch (JException wrong) {
      throw new BadExpression(String.valueOf(wrong.getMessage()), wrong.getLocation() - 1);
    } catch (StackOverflowError deep) {
      throw new BadExpression("the expression nests too deep", 0);
    } catch (RuntimeException | Error broken) {
      // The parser meets some broken sources with whatever its own code throws.
      throw new BadExpression("the expression cannot be read", defect(broken));
    }
  }

  /**
   * The library evaluates on the instance that the thread parsed last and writes each evaluation's
   * frame into it. If that were ours, each evaluation's frame would hang on the one before, for
   * ever; so the thread is given one that nobody evaluates.
   */
  private static void leaveTheThread() {
    Jsonata.jsonata("null");
  }

  private static int defect(Throwable broken) {
    if (broken instanceof VirtualMachineError machine) {
      throw machine;
    }
    return 0;
  }

  @Override
  public JsonNode evaluate(Scope scope) {
    Budget budget = new Budget(wildcard);
    return ScopedValue.where(Budget.CURRENT, budget).call(() -> evaluate(scope, budget));
  }

  private JsonNode evaluate(Scope scope, Budget budget) {
    Frame frame = parsed.createFrame();
    frame.setEvaluateEntryCallback((part, input, environment) -> budget.enter(part, input));
    frame.setEvaluateExitCallback((part, input, environment, result) -> {
      refuseHiddenRegex(result);
      budget.leave(part, result);
    });
    try {
      return Bridge.toJson(parsed.evaluate(new RootObject(scope), frame));
    } catch (StackOverflowError deep) {
      throw failed("it nests too deep");
    } catch (JException wrong) {
      throw failed(String.valueOf(wrong.getMessage()));
    } catch (RuntimeException | Error broken) {
      throw failed(broken);
    }
  }

  /** A regular expression that the syntax check did not see could be applied without a bound. */
  private void refuseHiddenRegex(@Nullable Object result) {
    if (result instanceof Pattern pattern && !regexes.contains(pattern.pattern())) {
      throw new Budget.Spent("a regular expression stands where it cannot be bounded");
    }
  }

  private Refusal failed(Throwable broken) {
    Throwable cause = broken;
    while (cause instanceof RuntimeException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case Refusal refusal -> refusal;
      case StackOverflowError deep -> failed("it nests too deep");
      case VirtualMachineError machine -> throw machine;
      case Budget.Spent spent -> failed(String.valueOf(spent.getMessage()));
      case JException wrong -> failed(String.valueOf(wrong.getMessage()));
      case IllegalArgumentException wrong -> failed(String.valueOf(wrong.getMessage()));
      default -> failed("a value in it is not of the kind that it needs");
    };
  }

  private Refusal failed(String why) {
    return Problem.of(ProblemCode.EXPRESSION_FAILED, Shown.shortened(source) + ": " + why)
        .refusal();
  }
}
