package dev.capstan.llm.provider.scripted;

import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Answers by the rules of a {@link ModelScript}. What it says depends on the conversation alone, so
 * that a run that goes on after a crash hears the same; only a rule's {@code times} is remembered,
 * and only in this process. A token is up to four characters.
 */
public final class ScriptedProvider implements ModelProvider {
  private static final int CHARACTERS_PER_TOKEN = 4;

  private final String name;
  private final ModelScript script;
  private final InstantSource clock;
  private final Timers timers;
  private final Map<Integer, Integer> answered = new ConcurrentHashMap<>();

  /**
   * @param timers ring by {@code clock}; delays are theirs
   */
  public ScriptedProvider(String name, ModelScript script, InstantSource clock, Timers timers) {
    this.name = name;
    this.script = script;
    this.clock = clock;
    this.timers = timers;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String dialect() {
    return "scripted";
  }

  @Override
  public Reply call(ProviderCall call, DeltaSink sink) throws InterruptedException {
    Scenery scenery = Scenery.of(call);
    Rule rule = rule(scenery);
    if (rule == null) {
      return new Reply.Faulted(
          Fault.of(
              FaultKind.CALLERS_MISTAKE,
              "no rule of the script answers turn %d of: %s"
                  .formatted(scenery.turn(), shortened(scenery.lastUserText()))));
    }
    if (!waited(rule.delay(), call)) {
      return new Reply.Faulted(
          Fault.of(FaultKind.TIMED_OUT, "the script delays the answer for " + rule.delay()));
    }
    FaultKind fault = rule.fault();
    if (fault != null && !rule.broken()) {
      return faulted(rule, fault, null);
    }
    Answer answer = answer(rule, scenery, call);
    if (fault == null) {
      if (call.stream()) {
        tell(answer.message(), sink);
      }
      return new Reply.Answered(answer);
    }
    Answer half = half(answer);
    if (call.stream()) {
      tell(half.message(), sink);
    }
    return faulted(rule, fault, call.stream() ? half : null);
  }

  private @Nullable Rule rule(Scenery scenery) {
    for (int i = 0; i < script.rules().size(); i++) {
      Rule rule = script.rules().get(i);
      if (rule.match().holds(scenery) && isLeft(rule, i)) {
        return rule;
      }
    }
    return null;
  }

  private boolean isLeft(Rule rule, int place) {
    return rule.times() == 0 || answered.merge(place, 1, Integer::sum) <= rule.times();
  }

  private static Reply faulted(Rule rule, FaultKind kind, @Nullable Answer partial) {
    return new Reply.Faulted(
        new Fault(
            kind,
            0,
            kind.wireName(),
            "the script says " + kind.wireName(),
            rule.retryAfter(),
            partial));
  }

  /** Whether the delay is over within the call's time. */
  private boolean waited(Duration delay, ProviderCall call) throws InterruptedException {
    boolean late = delay.compareTo(call.timeout()) > 0 || delay.compareTo(call.idleTimeout()) > 0;
    Duration wait = !late ? delay : shorter(call.timeout(), call.idleTimeout());
    if (!wait.isZero()) {
      CountDownLatch over = new CountDownLatch(1);
      Timers.Alarm alarm = timers.at(clock.instant().plus(wait), over::countDown);
      try {
        over.await();
      } finally {
        alarm.callOff();
      }
    }
    return !late;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Answer answer(Rule rule, Scenery scenery, ProviderCall call) {
    String text =
        rule.say()
            .replace("{{user}}", scenery.lastUserText())
            .replace("{{result}}", scenery.lastResult());
    List<ToolRequest> requests = new ArrayList<>();
    long tokens = tokens(text.length());
    for (ToolRequest wish : rule.tools()) {
      String id = "call_" + scenery.turn() + "_" + (requests.size() + 1);
      requests.add(new ToolRequest(id, wish.tool(), wish.arguments()));
      tokens += tokens(wish.tool().length()) + tokens(wish.arguments().length());
    }
    Integer most = call.sampling().maxOutputTokens();
    long output = rule.outputTokens() == null ? tokens : rule.outputTokens();
    long input = rule.inputTokens() == null ? tokens(scenery.characters()) : rule.inputTokens();
    FinishReason finish = requests.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
    if (most != null && output > most) {
      long room = (long) most * CHARACTERS_PER_TOKEN;
      requests = within(room - text.length(), requests);
      text = text.substring(0, (int) Math.min(text.length(), room));
      output = most;
      finish = FinishReason.LENGTH;
    }
    Usage usage = new Usage(input, Math.min(input, rule.cachedTokens()), 0, output, 0, true);
    Message.Assistant said = new Message.Assistant(text, requests, null);
    return new Answer("scripted-" + scenery.turn(), call.model(), said, finish, usage);
  }

  /** Those that there is room for; the last of them may break off, as vendors' do. */
  private static List<ToolRequest> within(long characters, List<ToolRequest> requests) {
    List<ToolRequest> told = new ArrayList<>();
    long room = characters;
    for (ToolRequest request : requests) {
      if (room <= request.tool().length()) {
        break;
      }
      room -= request.tool().length();
      String arguments = request.arguments();
      String part = arguments.substring(0, (int) Math.min(arguments.length(), room));
      told.add(new ToolRequest(request.id(), request.tool(), part));
      room -= part.length();
    }
    return told;
  }

  private static long tokens(long characters) {
    return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
  }

  private static Answer half(Answer whole) {
    String text = whole.message().text();
    String part = text.substring(0, (text.length() + 1) / 2);
    Usage all = whole.usage();
    Usage used =
        new Usage(
            all.inputTokens(),
            all.cachedInputTokens(),
            0,
            Math.max(1, all.outputTokens() / 2),
            0,
            false);
    return new Answer(
        whole.id(),
        whole.model(),
        new Message.Assistant(part, List.of(), null),
        FinishReason.LENGTH,
        used);
  }

  /** Word by word, as models do. */
  private static void tell(Message.Assistant said, DeltaSink sink) {
    String text = said.text();
    for (int from = 0; from < text.length(); ) {
      int blank = text.indexOf(' ', from + 1);
      int to = blank < 0 ? text.length() : blank;
      sink.next(new Delta.Text(text.substring(from, to)));
      from = to;
    }
    for (int i = 0; i < said.toolRequests().size(); i++) {
      ToolRequest request = said.toolRequests().get(i);
      sink.next(new Delta.ToolStarted(i, request.id(), request.tool()));
      sink.next(new Delta.ToolArguments(i, request.arguments()));
    }
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
