package dev.capstan.llm.provider.langchain4j;

import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One streamed answer: LangChain4j tells its pieces on threads of its own, our callers hear them on
 * theirs.
 */
final class StreamedAnswer implements StreamingChatResponseHandler {
  private sealed interface Event {
    record Said(String text) implements Event {}

    record Wished(int index, String id, String tool, String arguments) implements Event {}

    record Over(ChatResponse response) implements Event {}

    record Failed(Throwable failure) implements Event {}
  }

  private final ProviderCall call;
  private final DeltaSink sink;
  private final LongSupplier nanoTime;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private final List<ToolRequest> wishes = new ArrayList<>();
  private final Map<Integer, Integer> places = new HashMap<>();
  private volatile @Nullable StreamingHandle handle;
  private volatile boolean abandoned;

  StreamedAnswer(ProviderCall call, DeltaSink sink, LongSupplier nanoTime) {
    this.call = call;
    this.sink = sink;
    this.nanoTime = nanoTime;
  }

  Reply ask(StreamingChatModel model, ChatRequest request) throws InterruptedException {
    Thread asking = Thread.ofVirtual().name("llm-bridge").start(() -> start(model, request));
    boolean over = false;
    try {
      Reply reply = listen(nanoTime.getAsLong() + call.timeout().toNanos());
      over = reply instanceof Reply.Answered;
      return reply;
    } finally {
      if (!over) {
        abandon();
        asking.interrupt();
      }
    }
  }

  /** Whatever the model throws is how its answer ends, and no end is lost. */
  private void start(StreamingChatModel model, ChatRequest request) {
    try {
      model.chat(request, this);
    } catch (RuntimeException failure) {
      events.add(new Event.Failed(failure));
    }
  }

  private Reply listen(long deadline) throws InterruptedException {
    while (true) {
      long patience = Math.min(deadline - nanoTime.getAsLong(), call.idleTimeout().toNanos());
      switch (events.poll(patience, TimeUnit.NANOSECONDS)) {
        case null -> {
          return new Reply.Faulted(
              new Fault(FaultKind.TIMED_OUT, 0, "", "silent for too long", null, partial()));
        }
        case Event.Said(var more) -> {
          text.append(more);
          sink.next(new Delta.Text(more));
        }
        case Event.Wished wished -> wish(wished);
        case Event.Over(var response) -> {
          return new Reply.Answered(Answers.of(response, call));
        }
        case Event.Failed(var failure) -> {
          return new Reply.Faulted(Failures.told(failure, partial()));
        }
      }
    }
  }

  private void wish(Event.Wished more) {
    Integer place = places.get(more.index());
    if (place == null) {
      place = wishes.size();
      places.put(more.index(), place);
      wishes.add(new ToolRequest(more.id(), more.tool(), ""));
      sink.next(new Delta.ToolStarted(place, more.id(), more.tool()));
    }
    ToolRequest before = wishes.get(place);
    wishes.set(
        place, new ToolRequest(before.id(), before.tool(), before.arguments() + more.arguments()));
    sink.next(new Delta.ToolArguments(place, more.arguments()));
  }

  private @Nullable Answer partial() {
    if (text.isEmpty() && wishes.isEmpty()) {
      return null;
    }
    Message.Assistant said = new Message.Assistant(text.toString(), wishes, null);
    return new Answer("", call.model(), said, FinishReason.LENGTH, Answers.counted(said, call));
  }

  private void abandon() {
    abandoned = true;
    StreamingHandle open = handle;
    if (open != null) {
      open.cancel();
    }
  }

  private void heldBy(StreamingHandle open) {
    handle = open;
    if (abandoned) {
      open.cancel();
    }
  }

  @Override
  public void onPartialResponse(String more) {
    events.add(new Event.Said(more));
  }

  @Override
  public void onPartialResponse(PartialResponse more, PartialResponseContext context) {
    heldBy(context.streamingHandle());
    onPartialResponse(more.text());
  }

  @Override
  public void onPartialToolCall(PartialToolCall more) {
    events.add(
        new Event.Wished(
            more.index(),
            more.id() == null ? "call_" + call.messages().size() + "_" + more.index() : more.id(),
            more.name(),
            more.partialArguments() == null ? "" : more.partialArguments()));
  }

  @Override
  public void onPartialToolCall(PartialToolCall more, PartialToolCallContext context) {
    heldBy(context.streamingHandle());
    onPartialToolCall(more);
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    events.add(new Event.Over(response));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event.Failed(failure));
  }
}
