package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random conversations by seed, shown through random windows. */
class WindowLaws {
  private static final int CONVERSATIONS = Boolean.getBoolean("capstan.long") ? 100_000 : 5_000;
  private static final List<Message> OPENING =
      List.of(new Message.Instructions("You are a tester."), Message.User.says("Find it."));

  @Test
  void what_a_model_is_shown_is_well_formed_in_order_and_within_the_window() {
    int folded = 0;
    int beyond = 0;
    for (int seed = 1; seed <= CONVERSATIONS; seed++) {
      try {
        Talk talk = new Talk(seed);
        talk.go();
        folded += talk.folded;
        beyond += talk.beyond;
      } catch (RuntimeException | AssertionError broken) {
        throw new AssertionError("seed " + seed, broken);
      }
    }
    System.out.printf(
        "figure: %d conversations, notes written %d times, %d times a single turn was larger"
            + " than the window%n",
        CONVERSATIONS, folded, beyond);
    assertThat(folded).isGreaterThan(CONVERSATIONS);
  }

  /** One conversation, as the loop leads it. */
  private static final class Talk {
    private final Random random;
    private final Window window;
    private final Conversation conversation = new Conversation(OPENING);
    private final List<Checkpoint> kept = new ArrayList<>();
    private final List<Message> everything = new ArrayList<>();
    private int folded;
    private int beyond;

    Talk(long seed) {
      random = new Random(seed);
      window = new Window(200 + random.nextInt(1_500));
    }

    void go() {
      if (random.nextInt(4) == 0) {
        // A worker that had failed before it said anything is asked again.
        Conversation.Asked again = new Conversation.Asked("r", text(300));
        keep(Conversation.ASKED, again);
        assertThat(conversation.messages().getLast().toString()).contains("Find it.", again.text());
      }
      for (int turn = 0; turn < 5 + random.nextInt(25); turn++) {
        int gone = window.overflow(conversation);
        if (gone > 0) {
          fold(gone);
        }
        isRight();
        say(turn);
      }
    }

    private void keep(String key, Object value) {
      Checkpoint checkpoint = new Checkpoint(key, Json.parse(Json.write(value)));
      kept.add(checkpoint);
      conversation.recall(checkpoint);
    }

    private void fold(int gone) {
      List<List<Message>> oldest = conversation.shownTurns().subList(0, gone);
      Message asked = Notes.request(task(), conversation.notes(), oldest, window).getLast();
      assertThat(asked).isInstanceOf(Message.User.class);
      String said = random.nextInt(4) == 0 ? " " : text(3_000);
      int turns = conversation.turns().size() - conversation.shownTurns().size() + gone;
      String notes = Notes.bounded(said, oldest, window);
      assertThat(notes).isNotBlank();
      assertThat(Window.tokens(notes)).isLessThanOrEqualTo(window.notes());
      keep(
          Conversation.SUMMARY,
          new Conversation.Summary(turns, notes, Usage.NONE, "p", "m", Money.ZERO, "a"));
      folded++;
    }

    private void say(int turn) {
      List<ToolRequest> requests = new ArrayList<>();
      for (int i = 0; i < random.nextInt(4); i++) {
        requests.add(new ToolRequest("r" + turn + "." + i, "act", text(200)));
      }
      Message.Assistant said = new Message.Assistant(text(300), requests, null);
      FinishReason why = requests.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
      keep(
          Conversation.TURN,
          new Conversation.Turn(said, why, Usage.NONE, "p", "m", Money.ZERO, "a", null));
      everything.add(said);
      for (ToolRequest request : requests) {
        Message.ToolResult result =
            new Message.ToolResult(request.id(), "act", text(1_200), random.nextBoolean());
        keep(Conversation.RESULT, result);
        everything.add(result);
      }
      if (requests.isEmpty()) {
        Conversation.Remark remark = new Conversation.Remark("again " + turn);
        keep(Conversation.REMARK, remark);
        everything.add(Message.User.says(remark.text()));
      }
    }

    private void isRight() {
      List<Message> shown = conversation.messages();
      assertThat(shown.get(0)).isEqualTo(OPENING.get(0));
      assertThat(shown.get(1)).isInstanceOf(Message.User.class);
      List<Message> rest = shown.subList(2, shown.size());
      int from = everything.size() - rest.size();
      assertThat(rest)
          .as("the end of it, in order")
          .isEqualTo(everything.subList(from, everything.size()));
      isWellFormed(rest);
      if (shown.stream().mapToLong(Window::tokens).sum() > window.tokens()) {
        assertThat(conversation.shownTurns()).hasSize(1);
        beyond++;
      }
      assertThat(conversation.turns())
          .as("nothing is forgotten of what was paid for")
          .hasSize((int) everything.stream().filter(Message.Assistant.class::isInstance).count());
      Conversation again = new Conversation(OPENING);
      kept.forEach(again::recall);
      assertThat(again.messages()).as("taken up after a crash").isEqualTo(shown);
    }

    private static void isWellFormed(List<Message> rest) {
      List<String> open = new ArrayList<>();
      Message before = null;
      for (Message message : rest) {
        switch (message) {
          case Message.ToolResult result ->
              assertThat(open.removeFirst()).isEqualTo(result.request());
          case Message.Assistant said -> {
            assertThat(open).isEmpty();
            said.toolRequests().forEach(request -> open.add(request.id()));
          }
          case Message.User user -> assertThat(before).isInstanceOf(Message.Assistant.class);
          case Message.Instructions told -> throw new AssertionError("told in the middle");
        }
        before = message;
      }
      assertThat(open).isEmpty();
      assertThat(rest.isEmpty() || rest.getFirst() instanceof Message.Assistant).isTrue();
    }

    private static AgentTask task() {
      return new AgentTask(
          "a", "tester", "g", null, null, null, "find it", null, null, null, null, null, null);
    }

    private String text(int most) {
      int length = 1 + random.nextInt(most);
      String letters = random.nextInt(5) == 0 ? "zażółć 日本 😀 " : "words and words ";
      return letters.repeat(length / letters.length() + 1);
    }
  }
}
