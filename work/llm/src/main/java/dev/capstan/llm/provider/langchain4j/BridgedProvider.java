package dev.capstan.llm.provider.langchain4j;

import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a {@link ChatModel} that somebody else configured. Its faults are as exact as LangChain4j's
 * exceptions: without headers there is no {@code retryAfter}, and a model that retries by itself
 * should be told not to. Cached tokens are not told apart, and so are paid in full. Without a
 * {@link StreamingChatModel} a call that streams hears its whole answer at once.
 */
public final class BridgedProvider implements ModelProvider {
  private final String name;
  private final ChatModel model;
  private final @Nullable StreamingChatModel streaming;
  private final LongSupplier nanoTime;

  /**
   * @param streaming the same model, to be asked for streams; null when there is none
   * @param nanoTime elapsed nanoseconds, for deadlines
   */
  public BridgedProvider(
      String name, ChatModel model, @Nullable StreamingChatModel streaming, LongSupplier nanoTime) {
    this.name = name;
    this.model = model;
    this.streaming = streaming;
    this.nanoTime = nanoTime;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String dialect() {
    return "langchain4j";
  }

  @Override
  public Reply call(ProviderCall call, DeltaSink sink) throws InterruptedException {
    ChatRequest request = Requests.of(call);
    if (call.stream() && streaming != null) {
      return new StreamedAnswer(call, sink, nanoTime).ask(streaming, request);
    }
    Reply reply = whole(call, request);
    if (call.stream() && reply instanceof Reply.Answered(var answer)) {
      tell(answer, sink);
    }
    return reply;
  }

  private Reply whole(ProviderCall call, ChatRequest request) throws InterruptedException {
    FutureTask<Answer> task = new FutureTask<>(() -> Answers.of(model.chat(request), call));
    Thread.ofVirtual().name("llm-bridge").start(task);
    try {
      return new Reply.Answered(task.get(call.timeout().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException late) {
      return new Reply.Faulted(Fault.of(FaultKind.TIMED_OUT, "no answer within the call's time"));
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      return new Reply.Faulted(Failures.told(cause == null ? failed : cause, null));
    } finally {
      task.cancel(true);
    }
  }

  private static void tell(Answer answer, DeltaSink sink) {
    if (!answer.message().text().isEmpty()) {
      sink.next(new Delta.Text(answer.message().text()));
    }
    for (int i = 0; i < answer.message().toolRequests().size(); i++) {
      var request = answer.message().toolRequests().get(i);
      sink.next(new Delta.ToolStarted(i, request.id(), request.tool()));
      sink.next(new Delta.ToolArguments(i, request.arguments()));
    }
  }
}
