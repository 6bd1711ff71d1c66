package dev.capstan.llm.stage;

import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes an attempt's pieces on to the caller and keeps them, for an answer that breaks off is
 * still told and paid.
 */
final class Delivery implements DeltaSink {
  private record Started(String id, String tool, StringBuilder arguments) {}

  private final DeltaSink sink;
  private final LongSupplier nanos;
  private final StringBuilder text = new StringBuilder();
  private final List<Started> requests = new ArrayList<>();
  private @Nullable Throwable refused;
  private long firstAt;
  private boolean begun;
  private boolean thought;

  Delivery(DeltaSink sink, LongSupplier nanos) {
    this.sink = sink;
    this.nanos = nanos;
  }

  @Override
  public void next(Delta delta) {
    if (!begun) {
      begun = true;
      firstAt = nanos.getAsLong();
    }
    switch (delta) {
      case Delta.Text piece -> text.append(piece.text());
      case Delta.Thoughts thoughts -> thought = true;
      case Delta.ToolStarted tool ->
          requests.add(new Started(tool.id(), tool.tool(), new StringBuilder()));
      case Delta.ToolArguments more -> {
        if (more.index() >= 0 && more.index() < requests.size()) {
          requests.get(more.index()).arguments().append(more.text());
        }
      }
    }
    try {
      sink.next(delta);
    } catch (RuntimeException | Error broken) {
      refused = broken;
      throw broken;
    }
  }

  @Override
  public void thinks() {
    thought = true;
    sink.thinks();
  }

  /** Whether the caller saw anything of it. */
  boolean hasBegun() {
    return begun;
  }

  /** By the clock of elapsed time; only once it has begun. */
  long firstAt() {
    return firstAt;
  }

  /** Whether the caller's own sink ended it. */
  boolean wasRefused() {
    return refused != null;
  }

  /**
   * A bound of the output tokens so far. No token of what was passed on is shorter than a byte; of
   * what was thought, nothing was.
   */
  private long tokensAtMost() {
    if (thought) {
      return Long.MAX_VALUE;
    }
    long bytes = text.toString().getBytes(StandardCharsets.UTF_8).length;
    for (Started request : requests) {
      bytes += request.tool().length() + 1L;
      bytes += request.arguments().toString().getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes;
  }

  /** What was passed on, as an answer that broke off. */
  Answer partial(String model, long inputTokens, long mostOutput) {
    List<ToolRequest> asked =
        requests.stream()
            .map(each -> new ToolRequest(each.id(), each.tool(), each.arguments().toString()))
            .toList();
    Usage usage = new Usage(inputTokens, 0, 0, Math.min(mostOutput, tokensAtMost()), 0, false);
    return new Answer(
        "", model, new Message.Assistant(text.toString(), asked, null), FinishReason.LENGTH, usage);
  }
}
