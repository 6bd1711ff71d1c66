package dev.capstan.agents.agent;

import dev.capstan.agents.memory.Recalled;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.Hold;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Origin;
import dev.capstan.llm.Told;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One agent at work on one task: ask the model, do what it wishes, tell it what came of that, until
 * it answers. Every answer and every result is kept before the next thing is done, and an attempt
 * that follows another one takes up what was kept: nothing is asked, done or paid for twice.
 */
final class AgentLoop {
  private final AgentTask task;
  private final ToolCall step;
  private final Gateway gateway;
  private final String model;
  private final Instant deadline;
  private final Hands hands;
  private final LongTerm longTerm;
  private final FinalAnswer last;
  private final Conversation conversation;
  private final CutShort cutShort;
  private final Window window;
  private final RepetitionGuard repetition = new RepetitionGuard();

  /** Characters of the turn under way. */
  private int shown;

  AgentLoop(AgentTask task, ToolCall step, AgentHouse house) {
    this(task, step, house, new LongTerm(task, step, house).hands(house), Briefing.of(task));
  }

  /**
   * @param hands what it can do
   * @param opening what it is told first
   */
  AgentLoop(AgentTask task, ToolCall step, AgentHouse house, Hands hands, List<Message> opening) {
    this.task = task;
    this.step = step;
    this.gateway = house.gateway();
    this.model = house.model(task.model());
    this.deadline = house.deadline(step.deadline());
    this.hands = hands;
    this.longTerm = new LongTerm(task, step, house);
    this.last = new FinalAnswer(task.outputSchema());
    this.window = MemoryWish.window(task.memory());
    this.conversation = new Conversation(opening);
    this.cutShort = new CutShort(task, conversation, hands);
    step.checkpoints().kept().stream().filter(Within::isOwn).forEach(conversation::recall);
    for (ToolRequest request : conversation.made()) {
      if (repetition.count(request) == 1) {
        hands.recall(request);
      }
    }
  }

  /** Throws a {@link Refusal} when it comes to no answer. */
  AgentResult run() throws InterruptedException {
    try {
      return work(hands.offers());
    } finally {
      hands.stop();
    }
  }

  private AgentResult work(List<ToolOffer> offers) throws InterruptedException {
    recall();
    while (true) {
      List<Call> open = conversation.open();
      hands.ahead(repetition.firsts(open.stream().filter(conversation::isWhole).toList()));
      for (Call call : open) {
        use(call);
      }
      Optional<String> begun = cutShort.begunWord();
      if (begun.isPresent()) {
        return result(begun.get());
      }
      Optional<String> lastWord =
          conversation.lastResults().stream()
              .flatMap(result -> hands.lastWord(result).stream())
              .findFirst();
      if (lastWord.isPresent()) {
        longTerm.remember(lastWord.get(), conversation.turns().size());
        return result(lastWord.get());
      }
      if (conversation.isAnswered() && isGood()) {
        Conversation.Turn answer = conversation.turns().getLast();
        if (!answer.wasCutOff()) {
          longTerm.remember(answer.message().text(), conversation.turns().size());
        }
        return result(answer.message().text());
      }
      ask(offers);
    }
  }

  /** Goes on after an answer that did not content whoever asked. */
  AgentResult again(Conversation.Asked asked) throws InterruptedException {
    if (!conversation.wasAsked(asked)) {
      keep(Conversation.ASKED, Json.valueOf(asked));
      conversation.asked(asked);
    }
    return run();
  }

  Conversation conversation() {
    return conversation;
  }

  /** What comes to mind is kept, so that every attempt, and every replay, goes by the same. */
  private void recall() throws InterruptedException {
    List<Recalled> memories = conversation.hasRecalled() ? null : longTerm.recall();
    if (memories != null) {
      Conversation.Recollection recollection = new Conversation.Recollection(memories);
      keep(Conversation.RECALLED, Json.valueOf(recollection));
      conversation.recalled(recollection);
    }
  }

  // --- the model ---

  private void ask(List<ToolOffer> offers) throws InterruptedException {
    stayWithinLimits();
    int gone = window.overflow(conversation);
    if (gone > 0) {
      summarise(gone);
    }
    int turn = conversation.turns().size() + 1;
    Sampling sampling = SamplingWish.of(task.sampling(), task.maxOutputTokens());
    ModelCall call = call(conversation.messages(), offers, sampling, last.format());
    shown = 0;
    Told told = gateway.ask(call, delta -> show(turn, delta), hold -> show(turn, hold));
    switch (told) {
      case Told.Answered answered -> {
        Conversation.Turn said = conversation.turn(answered, task.agent());
        keep(Conversation.TURN, Json.valueOf(said));
        conversation.said(said);
      }
      case Told.Failed failed -> throw failed.problem().refusal();
    }
  }

  private ModelCall call(
      List<Message> messages, List<ToolOffer> offers, Sampling sampling, AnswerFormat format) {
    return new ModelCall(
        new Origin(step.tenant(), step.run(), step.step().toString(), task.agent(), ""),
        model,
        messages,
        offers,
        sampling,
        format,
        true,
        false,
        budgets(),
        deadline);
  }

  /** Lets the model write notes that stand for the oldest turns from now on. */
  private void summarise(int gone) throws InterruptedException {
    List<List<Message>> oldest = conversation.shownTurns().subList(0, gone);
    List<Message> request = Notes.request(task, conversation.notes(), oldest, window);
    Sampling sampling = Sampling.DEFAULT.withMaxOutputTokens((int) window.notes());
    step.pulse().beat(Json.object().put("summarises", gone));
    ModelCall call = call(request, List.of(), sampling, new AnswerFormat.FreeText());
    Told told = gateway.ask(call, delta -> {}, hold -> show(conversation.turns().size(), hold));
    switch (told) {
      case Told.Answered answered -> {
        Conversation.Summary summary =
            new Conversation.Summary(
                conversation.turns().size() - conversation.shownTurns().size() + gone,
                Notes.bounded(answered.answer().message().text(), oldest, window),
                answered.answer().usage(),
                answered.provider(),
                answered.answer().model(),
                answered.cost(),
                task.agent());
        keep(Conversation.SUMMARY, Json.valueOf(summary));
        conversation.summarised(summary);
      }
      case Told.Failed failed -> throw failed.problem().refusal();
    }
  }

  private List<Budget> budgets() {
    Money limit = task.costLimit();
    return limit == null
        ? List.of()
        : List.of(new Budget(new Account(Account.Scope.AGENT, purse(), ""), limit));
  }

  /** One for each agent at a step, whatever pieces of it that does. */
  private String purse() {
    return step.run() + "/" + step.step() + "/" + task.agent();
  }

  private void stayWithinLimits() {
    int turns = conversation.turns().size();
    if (turns >= task.maxTurns()) {
      throw reached("the agent did not come to an answer within " + turns + " turns");
    }
    long used = conversation.inputTokens() + conversation.outputTokens();
    if (used >= task.maxTokens()) {
      throw reached("the agent used " + used + " tokens, and may use " + task.maxTokens());
    }
  }

  private static Refusal reached(String what) {
    return Problem.of(ProblemCode.LIMIT_REACHED, what).refusal();
  }

  // --- its tools ---

  private void use(Call call) throws InterruptedException {
    if (conversation.isWhole(call)) {
      useWhole(call);
    } else {
      told(Hands.failed(call.request(), CutShort.NOT_MADE));
    }
  }

  private void useWhole(Call call) throws InterruptedException {
    ToolRequest request = call.request();
    int times = repetition.count(request);
    if (times >= RepetitionGuard.ENDS_AT) {
      throw reached(
          "the agent goes in circles: it called "
              + request.tool()
              + " "
              + times
              + " times with the same arguments");
    }
    Message.ToolResult result;
    if (times > 1) {
      result =
          Hands.failed(
              request,
              "you have made this very call before, its result is above; do something else, or"
                  + " answer with what you know");
    } else {
      Resolved settled = conversation.settled(call);
      result = settled == null ? make(call) : settled.told(request);
    }
    told(result);
  }

  private void told(Message.ToolResult result) throws InterruptedException {
    keep(Conversation.RESULT, Json.valueOf(result));
    conversation.answered(result);
  }

  /** What must not be done twice is announced, durably, before it is done. */
  private Message.ToolResult make(Call call) throws InterruptedException {
    ToolRequest request = call.request();
    if (hands.isOnce(request)) {
      Conversation.Begun begun = new Conversation.Begun(request.id());
      keep(Conversation.BEGUN, Json.valueOf(begun));
      conversation.begun(begun);
    }
    step.pulse().beat(Json.object().put("tool", request.tool()));
    return hands.use(call);
  }

  // --- its answer ---

  /** Whether the answer will do; if not, the model is told once what is wrong with it. */
  private boolean isGood() throws InterruptedException {
    Conversation.Turn answer = conversation.turns().getLast();
    if (answer.wasCutOff()) {
      return task.keepsCut()
          || repair(
              cutShort.problem(),
              "Your answer was cut off: it is longer than you may answer. Answer again, whole and"
                  + " shorter.");
    }
    String wrong = last.mistakes(answer.message().text());
    return wrong.isEmpty()
        || repair(
            Problem.of(
                ProblemCode.TOOL_FAILED, "the agent's answer is not what was asked for: " + wrong),
            "Your answer is not what was asked for: " + wrong + ". Answer again, in full.");
  }

  /** Says once what is wrong with an answer; false, for it is not good yet. */
  private boolean repair(Problem wrong, String words) throws InterruptedException {
    if (conversation.remarks() > 0) {
      throw wrong.refusal();
    }
    Conversation.Remark remark = new Conversation.Remark(words);
    keep(Conversation.REMARK, Json.valueOf(remark));
    conversation.remarked(remark);
    return false;
  }

  private AgentResult result(String text) {
    boolean whole = !conversation.turns().getLast().wasCutOff();
    return new AgentResult(
        text,
        whole || last.mistakes(text).isEmpty() ? last.read(text) : null,
        task.agent(),
        conversation.turns().getLast().model(),
        whole ? null : FinishReason.LENGTH.wireName(),
        conversation.turns().size(),
        conversation.results(),
        conversation.inputTokens(),
        conversation.outputTokens(),
        conversation.cost().toString());
  }

  // --- what is kept and what is shown ---

  private void keep(String key, JsonNode value) throws InterruptedException {
    try {
      step.checkpoints().keep(key, value).get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Refusal refusal) {
        throw refusal;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  private void show(int turn, Delta delta) {
    if (delta instanceof Delta.Text text) {
      step.pulse().beat(Json.object().put("turn", turn).put("at", shown).put("text", text.text()));
      shown += text.text().length();
    }
  }

  private void show(int turn, @Nullable Hold hold) {
    if (hold != null) {
      step.pulse().beat(Json.object().put("turn", turn).put("waits_for", hold.what()));
    }
  }
}
