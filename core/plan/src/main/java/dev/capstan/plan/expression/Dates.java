package dev.capstan.plan.expression;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Utils;
import java.text.ParseException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSONata's dates within the budget: a picture that asks for a million digits, or whose regular
 * expression never ends, would hold a thread for minutes.
 */
final class Dates {
  private static final int LONGEST_PICTURE = 1_000;

  /** The width of a component beyond 999, as in {@code [Y,1000-2000]}. */
  private static final Pattern WIDE = Pattern.compile("[,-][+]?\\p{Nd}{4,}");

  private static final int LONGEST_TIMESTAMP = 32;
  private static final int MOST_COMPONENTS = 7;

  /** JSONata would read it in the machine's own zone; it is UTC everywhere here. */
  private static final Pattern ZONELESS = Pattern.compile("[0-9-]+T[0-9:.]+");

  private static final Bounded TO_MILLIS =
      new Bounded("toMillis", "<s-s?:n>", "dateTimeToMillis", Dates::toMillis);
  private static final Bounded FROM_MILLIS =
      new Bounded("fromMillis", "<n-s?s?:s>", "dateTimeFromMillis", Dates::fromMillis);

  private Dates() {}

  static void register(Jsonata jsonata) {
    jsonata.registerFunction("toMillis", TO_MILLIS);
    jsonata.registerFunction("fromMillis", FROM_MILLIS);
  }

  /** The picture becomes a regular expression of JSONata's own, so both are kept short. */
  private static @Nullable Object toMillis(List<@Nullable Object> arguments) {
    String timestamp = (String) Texts.argument(arguments, 0);
    String picture = (String) Texts.argument(arguments, 1);
    if (timestamp == null) {
      return null;
    }
    refuseWide(picture);
    long components = picture == null ? 0 : picture.chars().filter(c -> c == '[').count();
    int longest = picture == null ? 2 * LONGEST_TIMESTAMP : LONGEST_TIMESTAMP;
    if (timestamp.length() > longest || components > MOST_COMPONENTS) {
      throw new Budget.Spent("the timestamp or its picture is too long");
    }
    try {
      String zoned = picture == null && ZONELESS.matcher(timestamp).matches() ? "Z" : "";
      return Utils.convertNumber(Functions.dateTimeToMillis(timestamp + zoned, picture));
    } catch (ParseException unreadable) {
      throw new JException("D3110", -1, timestamp);
    }
  }

  private static @Nullable Object fromMillis(List<@Nullable Object> arguments) {
    if (!(Texts.argument(arguments, 0) instanceof Number millis)) {
      return null;
    }
    String picture = (String) Texts.argument(arguments, 1);
    refuseWide(picture);
    return Functions.dateTimeFromMillis(millis, picture, (String) Texts.argument(arguments, 2));
  }

  private static void refuseWide(@Nullable String picture) {
    if (picture == null) {
      return;
    }
    if (picture.length() > LONGEST_PICTURE) {
      throw new Budget.Spent("a picture is longer than " + LONGEST_PICTURE + " characters");
    }
    // JSONata passes over blanks within a component.
    if (WIDE.matcher(picture.replaceAll("\\s", "")).find()) {
      throw new Budget.Spent("a component of a picture is wider than 999");
    }
  }
}
