package dev.capstan.llm.price;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A way to cut text into tokens that a vendor has published. It counts as the vendor does, but for
 * long stretches without a space or a line's end, and letters that are none: those by their bytes,
 * of which there are never fewer. Some kilobytes take a millisecond.
 *
 * <p>A vocabulary takes some 30 MB while it is used.
 */
public enum Tokenizer {
  /** GPT-4o, GPT-4.1, GPT-5, o1 to o4. */
  O200K_BASE(EncodingType.O200K_BASE),
  /** GPT-3.5 and GPT-4. */
  CL100K_BASE(EncodingType.CL100K_BASE);

  /** Such a stretch is no text, and may take the square of its length to cut. */
  private static final int LONGEST_STRETCH = 4_096;

  private static final int PORTION = 16_384;

  /** One counts at a time, so that counting leaves room for calls that need none. */
  private static final Semaphore TURN = new Semaphore(1, true);

  /** Read when they are first needed, and again when memory was short meanwhile. */
  private static final Map<EncodingType, SoftReference<Encoding>> VOCABULARIES =
      new EnumMap<>(EncodingType.class);

  private final EncodingType type;

  Tokenizer(EncodingType type) {
    this.type = type;
  }

  /** By the name that price tables use, {@code o200k_base}. */
  public static Optional<Tokenizer> named(String name) {
    return Arrays.stream(values()).filter(each -> each.wireName().equals(name)).findFirst();
  }

  public static List<String> names() {
    return Arrays.stream(values()).map(Tokenizer::wireName).toList();
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How many tokens the text is, at most. */
  public long tokens(String text) {
    long tokens = 0;
    int portion = 0;
    int stretch = 0;
    for (int i = 1; i <= text.length(); i++) {
      if (i == text.length() || isBetween(text.charAt(i - 1), text.charAt(i))) {
        if (i - stretch > LONGEST_STRETCH) {
          tokens += counted(text.substring(portion, stretch));
          tokens += Bound.bytes(text.substring(stretch, i));
          portion = i;
        } else if (i - portion >= PORTION) {
          tokens += counted(text.substring(portion, i));
          portion = i;
        }
        stretch = i;
      }
    }
    return tokens + counted(text.substring(portion));
  }

  /** Where no token ever spans two letters, whatever stands around them. */
  private static boolean isBetween(char before, char after) {
    return after == ' '
        ? Character.isLetterOrDigit(before) || (before > ' ' && before <= '~')
        : before == '\n' && Character.isLetter(after);
  }

  private long counted(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    // Half a letter reaches the vendor as something else.
    if (text.codePoints().anyMatch(letter -> Character.getType(letter) == Character.SURROGATE)) {
      return Bound.bytes(text);
    }
    TURN.acquireUninterruptibly();
    try {
      return vocabulary().countTokensOrdinary(text);
    } finally {
      TURN.release();
    }
  }

  /** Only for whoever has the turn. */
  private Encoding vocabulary() {
    SoftReference<Encoding> kept = VOCABULARIES.get(type);
    Encoding known = kept == null ? null : kept.get();
    if (known == null) {
      known = Encodings.newLazyEncodingRegistry().getEncoding(type);
      VOCABULARIES.put(type, new SoftReference<>(known));
    }
    return known;
  }
}
