package dev.capstan.plan.expression;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.dashjoin.jsonata.Utils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSONata's functions that could take unbounded time or memory on text, made again within the
 * budget; each behaves as JSONata documents it.
 */
final class Texts {
  private Texts() {}

  private static final Map<String, JFunction> ALL =
      Map.of(
          "match", new Bounded("match", "<s-f<s:o>n?:a<o>>", Texts::match),
          "contains", new Bounded("contains", "<s-(sf):b>", Texts::contains),
          "replace", new Bounded("replace", "<s-(sf)(sf)n?:s>", Texts::replace),
          "split", new Bounded("split", "<s-(sf)n?:a<s>>", Texts::split),
          "pad", new Bounded("pad", "<s-ns?:s>", Texts::pad),
          "join", new Bounded("join", "<a<s>s?:s>", Texts::join),
          "substringBefore", new Bounded("substringBefore", "<s-s:s>", Texts::substringBefore),
          "substringAfter", new Bounded("substringAfter", "<s-s:s>", Texts::substringAfter),
          "lowercase", new Bounded("lowercase", "<s-:s>", text -> cased(text, LongText::lower)),
          "uppercase", new Bounded("uppercase", "<s-:s>", text -> cased(text, LongText::upper)));

  static void register(Jsonata jsonata) {
    ALL.forEach(jsonata::registerFunction);
  }

  /** A text that counts how often a regular expression looks at it. */
  private record Watched(String text, Budget budget) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      budget.matched();
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  static @Nullable Object argument(List<@Nullable Object> arguments, int index) {
    return index < arguments.size() ? arguments.get(index) : null;
  }

  private static Matcher matcher(@Nullable Object pattern, String text) {
    if (!(pattern instanceof Pattern regex)) {
      throw new JException("T1010", -1);
    }
    return regex.matcher(new Watched(text, Budget.CURRENT.get()));
  }

  private static int limit(List<@Nullable Object> arguments, int index, String error) {
    Object limit = argument(arguments, index);
    if (limit == null) {
      return Integer.MAX_VALUE;
    }
    int bound = ((Number) limit).intValue();
    if (bound < 0) {
      throw new JException(error, -1, limit);
    }
    return bound;
  }

  private static @Nullable Object match(List<@Nullable Object> arguments) {
    if (!(argument(arguments, 0) instanceof String text)) {
      return null;
    }
    int limit = limit(arguments, 2, "D3040");
    Matcher matcher = matcher(argument(arguments, 1), text);
    List<Object> found = Utils.createSequence();
    while (found.size() < limit && matcher.find()) {
      Map<String, Object> match = new LinkedHashMap<>();
      match.put("match", matcher.group());
      match.put("index", matcher.start());
      match.put("groups", groups(matcher));
      found.add(match);
      Budget.CURRENT.get().work(1);
    }
    return found;
  }

  private static List<@Nullable Object> groups(Matcher matcher) {
    List<@Nullable Object> groups = new ArrayList<>();
    for (int i = 1; i <= matcher.groupCount(); i++) {
      groups.add(matcher.group(i));
    }
    return groups;
  }

  private static @Nullable Object contains(List<@Nullable Object> arguments) {
    if (!(argument(arguments, 0) instanceof String text)) {
      return null;
    }
    Object token = argument(arguments, 1);
    return token instanceof String part
        ? LongText.indexOf(text, part, 0) >= 0
        : matcher(token, text).find();
  }

  private static @Nullable Object replace(List<@Nullable Object> arguments) {
    if (!(argument(arguments, 0) instanceof String text)) {
      return null;
    }
    Object pattern = argument(arguments, 1);
    if (pattern instanceof String literal && literal.isEmpty()) {
      throw new JException("D3010", -1);
    }
    int limit = limit(arguments, 3, "D3011");
    Object with = argument(arguments, 2);
    Matcher matcher =
        pattern instanceof String literal
            ? Pattern.compile(literal, Pattern.LITERAL)
                .matcher(new Watched(text, Budget.CURRENT.get()))
            : matcher(pattern, text);
    StringBuilder made = new StringBuilder();
    int from = 0;
    for (int count = 0; count < limit && matcher.find(); count++) {
      made.append(text, from, matcher.start());
      made.append(with(with, pattern instanceof String, matcher));
      from = matcher.end();
      Budget.CURRENT.get().longest(made.length());
      Budget.CURRENT.get().work(1);
    }
    return made.append(text, from, text.length()).toString();
  }

  private static String with(@Nullable Object replacement, boolean literal, Matcher matcher) {
    if (replacement instanceof String text) {
      return literal ? text : filled(text, matcher);
    }
    Map<String, Object> match = new LinkedHashMap<>();
    match.put("match", matcher.group());
    match.put("groups", groups(matcher));
    try {
      if (Functions.funcApply(replacement, List.of(match)) instanceof String made) {
        return made;
      }
    } catch (RuntimeException | Error failed) {
      throw failed;
    } catch (Throwable failed) {
      throw new IllegalStateException(failed);
    }
    throw new JException("D3012", -1);
  }

  /** {@code $0} is the match, {@code $1} a group, {@code $$} a dollar. */
  private static String filled(String replacement, Matcher matcher) {
    if (replacement.indexOf('$') < 0) {
      return replacement;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      char next = i + 1 < replacement.length() ? replacement.charAt(i + 1) : ' ';
      if (c == '$' && next == '$') {
        text.append('$');
        i++;
      } else if (c == '$' && next >= '0' && next <= '9') {
        int group = next - '0';
        String value = group <= matcher.groupCount() ? matcher.group(group) : null;
        text.append(value == null ? "" : value);
        i++;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static @Nullable Object split(List<@Nullable Object> arguments) {
    if (!(argument(arguments, 0) instanceof String text)) {
      return null;
    }
    int limit = limit(arguments, 2, "D3020");
    Object separator = argument(arguments, 1);
    List<Object> parts = new ArrayList<>();
    if (separator instanceof String literal) {
      splitAt(text, literal, limit, parts);
      return parts;
    }
    Matcher matcher = matcher(separator, text);
    int from = 0;
    while (parts.size() < limit && matcher.find()) {
      if (matcher.end() > 0) {
        parts.add(text.substring(from, matcher.start()));
        from = matcher.end();
        Budget.CURRENT.get().work(1);
      }
    }
    if (parts.size() < limit) {
      parts.add(text.substring(from));
    }
    return parts;
  }

  private static void splitAt(String text, String literal, int limit, List<Object> parts) {
    Budget budget = Budget.CURRENT.get();
    int from = 0;
    while (parts.size() < limit && from <= text.length()) {
      int at = literal.isEmpty() ? from + 1 : LongText.indexOf(text, literal, from);
      if (literal.isEmpty() && from == text.length()) {
        return;
      }
      int end = at < 0 ? text.length() : at;
      parts.add(text.substring(from, end));
      budget.work(1);
      if (at < 0) {
        return;
      }
      from = end + literal.length();
    }
  }

  /** JSONata's own takes the square of the width. */
  private static @Nullable Object pad(List<@Nullable Object> arguments) {
    if (!(argument(arguments, 0) instanceof String text)
        || !(argument(arguments, 1) instanceof Number number)) {
      return null;
    }
    long width = number.longValue();
    Budget.CURRENT.get().text(Math.abs(Math.max(width, -Long.MAX_VALUE)));
    String filler =
        argument(arguments, 2) instanceof String given && !given.isEmpty() ? given : " ";
    int missing = (int) Math.abs(width) - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    int[] marks = filler.codePoints().toArray();
    StringBuilder padding = new StringBuilder(missing);
    for (int i = 0; i < missing; i++) {
      padding.appendCodePoint(marks[i % marks.length]);
    }
    return width < 0 ? padding + text : text + padding;
  }

  private static @Nullable Object join(List<@Nullable Object> arguments) {
    Object strings = argument(arguments, 0);
    if (strings == null) {
      return null;
    }
    String separator = argument(arguments, 1) instanceof String given ? given : "";
    StringBuilder joined = new StringBuilder();
    String before = "";
    for (Object text : strings instanceof List<?> list ? list : List.of(strings)) {
      joined.append(before).append(text);
      before = separator;
      Budget.CURRENT.get().longest(joined.length());
    }
    Budget.CURRENT.get().text(joined.length());
    return joined.toString();
  }

  private static @Nullable Object substringBefore(List<@Nullable Object> arguments) {
    int at = mark(arguments);
    return at < 0 ? argument(arguments, 0) : text(arguments, 0).substring(0, at);
  }

  private static @Nullable Object substringAfter(List<@Nullable Object> arguments) {
    int at = mark(arguments);
    return at < 0
        ? argument(arguments, 0)
        : text(arguments, 0).substring(at + text(arguments, 1).length());
  }

  /** Where the second text begins in the first; -1 when it does not, or there are no two. */
  private static int mark(List<@Nullable Object> arguments) {
    boolean both =
        argument(arguments, 0) instanceof String && argument(arguments, 1) instanceof String;
    return both ? LongText.indexOf(text(arguments, 0), text(arguments, 1), 0) : -1;
  }

  private static String text(List<@Nullable Object> arguments, int index) {
    return argument(arguments, index) instanceof String text ? text : "";
  }

  private static @Nullable Object cased(
      List<@Nullable Object> arguments, UnaryOperator<String> letters) {
    return argument(arguments, 0) instanceof String text ? letters.apply(text) : null;
  }
}
