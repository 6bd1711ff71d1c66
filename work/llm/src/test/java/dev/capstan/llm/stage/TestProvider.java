package dev.capstan.llm.stage;

import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Does what it was told to do next; when it was told nothing, it answers. */
final class TestProvider implements ModelProvider {
  static final Usage USAGE = new Usage(10, 0, 0, 5, 0, true);

  /** One call's behaviour. */
  interface Act {
    Reply act(ProviderCall call, DeltaSink sink) throws InterruptedException;
  }

  private final String name;
  private final ArrayDeque<Act> script = new ArrayDeque<>();
  final List<ProviderCall> calls = new ArrayList<>();

  TestProvider(String name) {
    this.name = name;
  }

  synchronized TestProvider then(Act act) {
    script.add(act);
    return this;
  }

  TestProvider fails(Fault fault) {
    return then((_, _) -> new Reply.Faulted(fault));
  }

  /** Streams two pieces and then breaks. */
  TestProvider breaksAfterTwo(Fault fault) {
    return then((_, sink) -> {
      sink.next(new Delta.Text("one "));
      sink.next(new Delta.Text("two"));
      Answer partial = answer("one two", new Usage(10, 0, 0, 2, 0, false));
      return new Reply.Faulted(
          new Fault(
              fault.kind(),
              fault.status(),
              fault.vendorCode(),
              fault.detail(),
              fault.retryAfter(),
              partial));
    });
  }

  static Answer answer(String text, Usage usage) {
    return new Answer("id", "exact-model", Message.Assistant.says(text), FinishReason.STOP, usage);
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
    Act act;
    synchronized (this) {
      calls.add(call);
      act = script.poll();
    }
    if (act != null) {
      return act.act(call, sink);
    }
    String text = "hello from " + name;
    if (call.stream()) {
      sink.next(new Delta.Text(text));
    }
    return new Reply.Answered(answer(text, USAGE));
  }
}
