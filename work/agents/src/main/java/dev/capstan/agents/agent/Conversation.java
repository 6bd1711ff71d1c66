package dev.capstan.agents.agent;

import dev.capstan.agents.memory.Recalled;
import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What was said so far, folded from what was kept: the same checkpoints give the same conversation,
 * whichever attempt reads them. A request that has no result yet is open; nothing else is said
 * before every one is closed.
 */
final class Conversation {
  /**
   * A model's answer, as it is kept.
   *
   * @param agent who asked for it; null where it was kept before that was told
   * @param calls the names of its calls; null where they are their ids
   */
  record Turn(
      Message.Assistant message,
      FinishReason finish,
      Usage usage,
      String provider,
      String model,
      Money cost,
      @Nullable String agent,
      @Nullable List<String> calls) {
    boolean wasCutOff() {
      return finish == FinishReason.LENGTH;
    }

    /**
     * The call that the answer broke off in, whose arguments are not to be trusted: what follows it
     * was never said. Null when it did not.
     */
    @Nullable ToolRequest brokenCall() {
      List<ToolRequest> calls = message.toolRequests();
      return wasCutOff() && !calls.isEmpty() ? calls.getLast() : null;
    }
  }

  /** Something that was said to the model beyond the task: a mistake in its answer. */
  record Remark(String text) {}

  /**
   * Notes that stand for the oldest turns.
   *
   * @param turns how many of the conversation's, from its beginning
   * @param usage what writing them used
   */
  record Summary(
      int turns,
      String text,
      Usage usage,
      String provider,
      String model,
      Money cost,
      @Nullable String agent) {}

  /**
   * Whoever gave the task is not content with the answer.
   *
   * @param request the wish that this came with
   */
  record Asked(String request, String text) {}

  /** What came to mind of the task before the first turn; it may be nothing. */
  record Recollection(List<Recalled> memories) {}

  /** A call that must not be made twice is about to be made. */
  record Begun(String request) {}

  static final String NOTED =
      "This conversation has grown too long to be shown whole. Your notes on its beginning, which"
          + " you have seen and done already:\n";

  static final String TURN = "turn";
  static final String RESULT = "result";
  static final String REMARK = "remark";
  static final String BEGUN = "begun";
  static final String RESOLVED = "resolved";
  static final String ASKED = "asked";
  static final String SUMMARY = "summary";
  static final String RECALLED = "recalled";

  private final List<Message> opening;

  /** What was asked again before the first turn: nothing was said yet that it could follow. */
  private final List<String> askedEarly = new ArrayList<>();

  /** The first is a turn's. */
  private final List<Message> shown = new ArrayList<>();

  private final List<Turn> turns = new ArrayList<>();
  private final List<Summary> summaries = new ArrayList<>();
  private final Set<String> heard = new HashSet<>();
  private final Calls calls = new Calls();
  private final List<ToolRequest> made = new ArrayList<>();
  private @Nullable Recollection recollection;
  private @Nullable String begun;
  private @Nullable Resolved resolved;
  private int results;
  private int remarks;

  Conversation(List<Message> opening) {
    this.opening = List.copyOf(opening);
  }

  /** Takes up what an earlier attempt has kept. */
  void recall(Checkpoint kept) {
    JsonNode value = kept.value();
    switch (kept.key()) {
      case TURN -> said(Json.mapper().treeToValue(value, Turn.class));
      case RESULT -> answered(Json.mapper().treeToValue(value, Message.ToolResult.class));
      case REMARK -> remarked(Json.mapper().treeToValue(value, Remark.class));
      case BEGUN -> begun(Json.mapper().treeToValue(value, Begun.class));
      case RESOLVED -> resolved(Json.mapper().treeToValue(value, Resolved.class));
      case ASKED -> asked(Json.mapper().treeToValue(value, Asked.class));
      case SUMMARY -> summarised(Json.mapper().treeToValue(value, Summary.class));
      case RECALLED -> recalled(Json.mapper().treeToValue(value, Recollection.class));
      default ->
          throw new IllegalStateException("an agent keeps nothing called '" + kept.key() + "'");
    }
  }

  /** The next turn, by what a gateway told: each of its calls has a name and an id of its own. */
  Turn turn(Told.Answered told, String agent) {
    Message.Assistant said = told.answer().message();
    List<ToolRequest> requests = said.toolRequests();
    List<String> names = calls.names(requests);
    List<ToolRequest> distinct = calls.distinct(requests, shownIds());
    boolean areIds = names.equals(distinct.stream().map(ToolRequest::id).toList());
    return new Turn(
        new Message.Assistant(said.text(), distinct, said.keepsake()),
        told.answer().finish(),
        told.answer().usage(),
        told.provider(),
        told.answer().model(),
        told.cost(),
        agent,
        areIds ? null : names);
  }

  private Set<String> shownIds() {
    Set<String> ids = new HashSet<>();
    for (Message message : shown) {
      if (message instanceof Message.Assistant said) {
        said.toolRequests().forEach(request -> ids.add(request.id()));
      }
    }
    return ids;
  }

  void said(Turn turn) {
    turns.add(turn);
    shown.add(turn.message());
    List<ToolRequest> requests = turn.message().toolRequests();
    calls.said(requests, turn.calls() == null ? calls.namesAsIds(requests) : turn.calls());
  }

  void answered(Message.ToolResult result) {
    shown.add(result);
    results++;
    if (result.request().equals(begun)) {
      begun = null;
    }
    calls
        .answered(result.request())
        .filter(this::isWhole)
        .ifPresent(whole -> made.add(whole.request()));
  }

  void remarked(Remark remark) {
    shown.add(Message.User.says(remark.text()));
    remarks++;
  }

  /** The conversation goes on; the next answer may be mended once, as the first could. */
  void asked(Asked again) {
    if (turns.isEmpty()) {
      askedEarly.add(again.text());
    } else {
      shown.add(Message.User.says(again.text()));
    }
    heard.add(again.text());
    remarks = 0;
  }

  /** Nobody who asks is let say the very same twice, see {@link RepetitionGuard}. */
  boolean wasAsked(Asked again) {
    return heard.contains(again.text());
  }

  void begun(Begun call) {
    begun = call.request();
    resolved = null;
  }

  void resolved(Resolved said) {
    resolved = said;
    if (said.isAgain()) {
      begun = null;
    }
  }

  /**
   * What a person said of the call, when an earlier attempt had begun it and left no result; null
   * when it is to be made. Throws {@link Unsettled} when nobody has said anything yet.
   */
  @Nullable Resolved settled(Call call) {
    if (!call.request().id().equals(begun)) {
      return null;
    }
    if (resolved == null) {
      throw Unsettled.of(call.request());
    }
    return resolved;
  }

  void recalled(Recollection came) {
    recollection = came;
  }

  boolean hasRecalled() {
    return recollection != null;
  }

  /** From now on these notes are shown in the place of the oldest turns. */
  void summarised(Summary summary) {
    List<List<Message>> still = shownTurns();
    int gone = summary.turns() - (turns.size() - still.size());
    still.stream().limit(gone).forEach(turn -> shown.subList(0, turn.size()).clear());
    summaries.add(summary);
  }

  /** What a model is shown: the opening, notes on what is not shown any more, and the rest. */
  List<Message> messages() {
    List<Message> all = new ArrayList<>(opening);
    if (recollection != null && !recollection.memories().isEmpty()) {
      addToAssignment(all, Briefing.remembered(recollection.memories()));
    }
    askedEarly.forEach(text -> addToAssignment(all, text));
    if (!summaries.isEmpty()) {
      addToAssignment(all, NOTED + summaries.getLast().text());
    }
    all.addAll(shown);
    return all;
  }

  /** Vendors want who speaks to alternate, so it is no message of its own. */
  private static void addToAssignment(List<Message> opening, String text) {
    if (!opening.isEmpty() && opening.getLast() instanceof Message.User user) {
      List<Part> parts = new ArrayList<>(user.parts());
      parts.add(new Part.Text("\n\n" + text));
      opening.set(opening.size() - 1, new Message.User(parts));
    } else {
      opening.add(Message.User.says(text));
    }
  }

  /** The turns that no notes stand for: each an answer with all that was said to it. */
  List<List<Message>> shownTurns() {
    List<List<Message>> whole = new ArrayList<>();
    for (Message message : shown) {
      if (message instanceof Message.Assistant) {
        whole.add(new ArrayList<>());
      }
      whole.getLast().add(message);
    }
    return whole;
  }

  /** The notes that are shown; null when everything still is. */
  @Nullable String notes() {
    return summaries.isEmpty() ? null : summaries.getLast().text();
  }

  List<Turn> turns() {
    return turns;
  }

  /** What the model asked for and was not given yet, in its order. */
  List<Call> open() {
    return calls.open();
  }

  /** Whether a call of the last answer was said to its end. */
  boolean isWhole(Call call) {
    return turns.getLast().brokenCall() == null || !calls.isLast(call);
  }

  /** The whole calls that have come to a result, in order. */
  List<ToolRequest> made() {
    return made;
  }

  /** How many answers broke off in a call. */
  long brokenCalls() {
    return turns.stream().filter(turn -> turn.brokenCall() != null).count();
  }

  /** What was told to the model since it last spoke. */
  List<Message.ToolResult> lastResults() {
    List<Message.ToolResult> last = new ArrayList<>();
    for (Message message : shown.reversed()) {
      if (message instanceof Message.Assistant) {
        break;
      }
      if (message instanceof Message.ToolResult result) {
        last.addFirst(result);
      }
    }
    return last;
  }

  int results() {
    return results;
  }

  int remarks() {
    return remarks;
  }

  /** Whether the last that was said to it is what a call came to. */
  boolean isToldResults() {
    return !shown.isEmpty() && shown.getLast() instanceof Message.ToolResult;
  }

  /** Whether the last word is the model's, and it asks for nothing more. */
  boolean isAnswered() {
    return !shown.isEmpty()
        && shown.getLast() instanceof Message.Assistant said
        && said.toolRequests().isEmpty();
  }

  long inputTokens() {
    return usages().mapToLong(Usage::inputTokens).sum();
  }

  long outputTokens() {
    return usages().mapToLong(Usage::outputTokens).sum();
  }

  private Stream<Usage> usages() {
    return Stream.concat(turns.stream().map(Turn::usage), summaries.stream().map(Summary::usage));
  }

  Money cost() {
    return Stream.concat(turns.stream().map(Turn::cost), summaries.stream().map(Summary::cost))
        .reduce(Money.ZERO, Money::plus);
  }
}
