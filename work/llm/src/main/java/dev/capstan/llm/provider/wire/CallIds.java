package dev.capstan.llm.provider.wire;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a conversation's calls as one vendor takes them. A conversation goes on from vendor to
 * vendor, and an id that one gave may be too long for the next, or have letters that it refuses:
 * then it is told as another, a call and its result always as the same one.
 */
public final class CallIds {
  private static final Pattern WORD = Pattern.compile("[a-zA-Z0-9_-]+");
  private static final Pattern NINE = Pattern.compile("[a-zA-Z0-9]{9}");

  private final List<Message> messages;
  private final Predicate<String> fits;
  private final IntFunction<String> others;
  private @Nullable Map<String, String> told;

  private CallIds(List<Message> messages, Predicate<String> fits, IntFunction<String> others) {
    this.messages = messages;
    this.fits = fits;
    this.others = others;
  }

  /** For a vendor that takes any letters, but not so many. */
  public static CallIds upTo(int longest, List<Message> messages) {
    return new CallIds(messages, id -> !id.isEmpty() && id.length() <= longest, n -> "call_" + n);
  }

  /** For a vendor that takes letters of ASCII, digits, {@code _} and {@code -}. */
  public static CallIds ofWords(int longest, List<Message> messages) {
    return new CallIds(
        messages, id -> id.length() <= longest && WORD.matcher(id).matches(), n -> "call_" + n);
  }

  /** For a vendor that takes nine letters of ASCII or digits, no more and no fewer. */
  public static CallIds ofNine(List<Message> messages) {
    return new CallIds(messages, id -> NINE.matcher(id).matches(), "call%05d"::formatted);
  }

  /**
   * @param id of a call or a result in these messages
   */
  public String told(String id) {
    return fits.test(id) ? id : others().getOrDefault(id, id);
  }

  /** Those that do not fit, and what they are told as; few conversations have any. */
  private Map<String, String> others() {
    if (told != null) {
      return told;
    }
    List<String> ids = messages.stream().flatMap(CallIds::ids).toList();
    Set<String> taken = new HashSet<>(ids);
    Map<String, String> found = new HashMap<>();
    int n = 0;
    for (String id : ids) {
      if (!fits.test(id) && !found.containsKey(id)) {
        String other;
        do {
          other = others.apply(++n);
        } while (!taken.add(other));
        found.put(id, other);
      }
    }
    told = found;
    return found;
  }

  private static Stream<String> ids(Message message) {
    return switch (message) {
      case Message.Assistant said -> said.toolRequests().stream().map(ToolRequest::id);
      case Message.ToolResult result -> Stream.of(result.request());
      case Message.Instructions _, Message.User _ -> Stream.empty();
    };
  }
}
