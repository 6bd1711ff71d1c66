package dev.capstan.llm.provider.wire;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a conversation's calls as one vendor takes them. A conversation goes on from vendor to
 * vendor, and an id that one gave may be too long for the next, or have letters that it refuses:
 * then it is told as another, a call and its result always as the same one.
 */
public final class CallIds {
  private final List<Message> messages;
  private final int longest;
  private final boolean onlyWords;
  private @Nullable Map<String, String> others;

  private CallIds(List<Message> messages, int longest, boolean onlyWords) {
    this.messages = messages;
    this.longest = longest;
    this.onlyWords = onlyWords;
  }

  /** For a vendor that takes any letters, but not so many. */
  public static CallIds upTo(int longest, List<Message> messages) {
    return new CallIds(messages, longest, false);
  }

  /** For a vendor that takes letters of ASCII, digits, {@code _} and {@code -}. */
  public static CallIds ofWords(int longest, List<Message> messages) {
    return new CallIds(messages, longest, true);
  }

  /**
   * @param id of a call or a result in these messages
   */
  public String told(String id) {
    return fits(id) ? id : others().getOrDefault(id, id);
  }

  private boolean fits(String id) {
    return !id.isEmpty()
        && id.length() <= longest
        && (!onlyWords || id.chars().allMatch(CallIds::isOfWord));
  }

  private static boolean isOfWord(int letter) {
    return (letter >= 'a' && letter <= 'z')
        || (letter >= 'A' && letter <= 'Z')
        || (letter >= '0' && letter <= '9')
        || letter == '_'
        || letter == '-';
  }

  /** Those that do not fit, and what they are told as; few conversations have any. */
  private Map<String, String> others() {
    if (others != null) {
      return others;
    }
    List<String> ids = messages.stream().flatMap(CallIds::ids).toList();
    Set<String> taken = new HashSet<>(ids);
    Map<String, String> found = new HashMap<>();
    int n = 0;
    for (String id : ids) {
      if (!fits(id) && !found.containsKey(id)) {
        do {
          n++;
        } while (!taken.add("call_" + n));
        found.put(id, "call_" + n);
      }
    }
    others = found;
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
