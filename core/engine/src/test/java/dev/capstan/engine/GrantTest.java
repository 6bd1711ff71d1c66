package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GrantTest {
  private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
  private final Grant grant = new Grant(() -> sent.add("begin"));

  private void first(boolean granted) {
    sent.add(granted ? "first, and begin" : "first");
  }

  @Test
  void a_grant_before_the_first_letter_is_told_in_it() {
    grant.run();
    grant.settle(this::first);
    assertThat(sent).containsExactly("first, and begin");
  }

  @Test
  void a_grant_after_it_sends_its_own() {
    grant.settle(this::first);
    grant.run();
    assertThat(sent).containsExactly("first", "begin");
  }

  @Test
  @Timeout(30)
  void a_grant_while_it_is_being_sent_comes_behind_it() throws Exception {
    Thread other = Thread.ofPlatform().unstarted(grant);
    grant.settle(granted -> {
      other.start();
      while (other.getState() != Thread.State.BLOCKED) {
        assertThat(sent).isEmpty();
      }
      first(granted);
    });
    other.join();
    assertThat(sent).containsExactly("first", "begin");
  }
}
