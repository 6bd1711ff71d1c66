package dev.capstan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundedMapTest {
  private static Map<String, Integer> withThree(Map<String, Integer> map) {
    map.put("a", 1);
    map.put("b", 2);
    map.put("c", 3);
    return map;
  }

  @Test
  void what_came_first_goes_first_even_if_it_is_used() {
    Map<String, Integer> map = withThree(BoundedMap.fifo(3));
    assertThat(map).containsEntry("a", 1);
    map.put("a", 4);
    map.put("d", 5);
    assertThat(map).containsOnlyKeys("b", "c", "d");
  }

  @Test
  void what_was_not_used_for_longest_goes_first() {
    Map<String, Integer> map = withThree(BoundedMap.lru(3));
    assertThat(map.get("a")).isEqualTo(1);
    map.put("b", 4);
    map.put("d", 5);
    assertThat(map).containsOnlyKeys("a", "b", "d");
  }

  @Test
  void whatever_is_put_in_it_holds_no_more_than_it_may() {
    Map<Integer, Integer> map = BoundedMap.lru(100);
    for (int i = 0; i < 10_000; i++) {
      map.merge(i % 170, 1, Integer::sum);
      map.computeIfAbsent(i, key -> key);
      assertThat(map).hasSizeLessThanOrEqualTo(100);
    }
  }
}
