package dev.capstan.tools.calculator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The functions that an expression may call, by their names in lower case. */
@SuppressWarnings("ImmutableEnumChecker") // the rules capture nothing
enum Function {
  ABS(1, 1, arguments -> arguments.getFirst().abs()),
  AVG(1, Function.MOST, arguments -> Decimals.divide(sum(arguments), count(arguments))),
  CEIL(1, 1, arguments -> arguments.getFirst().setScale(0, RoundingMode.CEILING)),
  EXP(1, 1, arguments -> Series.exp(arguments.getFirst())),
  FLOOR(1, 1, arguments -> arguments.getFirst().setScale(0, RoundingMode.FLOOR)),
  LN(1, 1, arguments -> Series.ln(arguments.getFirst())),
  LOG10(1, 1, arguments -> Series.log10(arguments.getFirst())),
  MAX(1, Function.MOST, arguments -> arguments.stream().reduce(BigDecimal::max).orElseThrow()),
  MIN(1, Function.MOST, arguments -> arguments.stream().reduce(BigDecimal::min).orElseThrow()),
  MOD(2, 2, arguments -> Decimals.mod(arguments.getFirst(), arguments.getLast())),
  POW(2, 2, arguments -> Decimals.power(arguments.getFirst(), arguments.getLast())),
  ROUND(1, 2, Decimals::round),
  SQRT(1, 1, arguments -> Decimals.sqrt(arguments.getFirst())),
  SUM(1, Function.MOST, Function::sum);

  /** As many arguments as fit into an expression. */
  private static final int MOST = 1_000;

  private interface Rule {
    /** Throws {@link ArithmeticException} with a message for people. */
    BigDecimal apply(List<BigDecimal> arguments);
  }

  final int fewest;
  final int most;
  private final Rule rule;

  Function(int fewest, int most, Rule rule) {
    this.fewest = fewest;
    this.most = most;
    this.rule = rule;
  }

  BigDecimal apply(List<BigDecimal> arguments) {
    return Decimals.bounded(rule.apply(arguments));
  }

  static @Nullable Function named(String name) {
    for (Function function : values()) {
      if (function.shown().equalsIgnoreCase(name)) {
        return function;
      }
    }
    return null;
  }

  static String names() {
    return Arrays.stream(values()).map(Function::shown).collect(Collectors.joining(", "));
  }

  String shown() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static BigDecimal sum(List<BigDecimal> arguments) {
    return arguments.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal count(List<BigDecimal> arguments) {
    return BigDecimal.valueOf(arguments.size());
  }
}
