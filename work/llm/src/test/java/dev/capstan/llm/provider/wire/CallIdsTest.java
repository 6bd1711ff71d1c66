package dev.capstan.llm.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallIdsTest {
  private static final List<String> ODD =
      List.of("", "call_1", "call_2", "call00001", "call00002", "é", "a".repeat(64), "f.g:0", "-");

  private static List<Message> conversation(List<String> ids) {
    List<ToolRequest> requests = ids.stream().map(id -> new ToolRequest(id, "tool", "{}")).toList();
    List<Message> said = new ArrayList<>(List.of(new Message.Assistant("", requests, null)));
    ids.forEach(id -> said.add(new Message.ToolResult(id, "tool", "", false)));
    return said;
  }

  @Test
  void ids_stay_where_they_fit_and_are_told_apart_where_they_do_not() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random dice = new Random(seed);
      Set<String> ids = new HashSet<>();
      for (int i = dice.nextInt(12); i > 0; i--) {
        ids.add(
            dice.nextBoolean()
                ? ODD.get(dice.nextInt(ODD.size()))
                : Long.toString(dice.nextLong() >>> dice.nextInt(60), 36));
      }
      List<Message> said = conversation(List.copyOf(ids));
      Map<CallIds, String> rules = new HashMap<>();
      rules.put(CallIds.upTo(40, said), ".{1,40}");
      rules.put(CallIds.ofWords(40, said), "[a-zA-Z0-9_-]{1,40}");
      rules.put(CallIds.ofNine(said), "[a-zA-Z0-9]{9}");
      rules.forEach((told, rule) -> {
        List<String> theirs = ids.stream().map(told::told).toList();
        assertThat(theirs).as("%s", ids).doesNotHaveDuplicates().allMatch(id -> id.matches(rule));
        ids.stream()
            .filter(id -> id.matches(rule))
            .forEach(id -> assertThat(told.told(id)).isEqualTo(id));
        assertThat(ids.stream().map(told::told)).containsExactlyElementsOf(theirs);
      });
    }
  }

  @Test
  void an_id_of_no_call_stays() {
    assertThat(Stream.of("call_1", "?").map(CallIds.ofNine(List.of())::told))
        .containsExactly("call_1", "?");
  }
}
