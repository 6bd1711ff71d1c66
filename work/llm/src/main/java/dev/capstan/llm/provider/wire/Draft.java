package dev.capstan.llm.provider.wire;

import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An answer in the making: what has been heard so far, told on as it comes. */
public final class Draft {
  private final String dialect;
  private final DeltaSink sink;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thoughts = new StringBuilder();
  private final List<Wish> wishes = new ArrayList<>();
  private String id = "";
  private String model;
  private @Nullable FinishReason finish;
  private @Nullable JsonNode keepsake;
  private @Nullable Usage usage;
  private boolean whole;
  private boolean thought;
  private boolean told;

  /** A tool request in the making. */
  private record Wish(String id, String tool, StringBuilder arguments) {}

  Draft(String dialect, String model, DeltaSink sink) {
    this.dialect = dialect;
    this.model = model;
    this.sink = sink;
  }

  /** What the vendor calls the answer and the model; empty ones change nothing. */
  public void named(String answerId, String answeringModel) {
    if (!answerId.isEmpty()) {
      id = answerId;
    }
    if (!answeringModel.isEmpty()) {
      model = answeringModel;
    }
  }

  public String id() {
    return id;
  }

  public void say(String more) {
    if (!more.isEmpty()) {
      text.append(more);
      tell(new Delta.Text(more));
    }
  }

  /** The model spends tokens that nobody sees. */
  public void think() {
    thought = true;
    sink.thinks();
  }

  /** The model thinks for all to hear: that is not its answer, but is paid for. */
  public void thinkAloud(String more) {
    thoughts.append(more);
    sink.thinks();
  }

  /** All that it thought aloud. */
  public String thoughts() {
    return thoughts.toString();
  }

  /**
   * A tool request begins.
   *
   * @return its place among the answer's
   */
  public int wish(String wishId, String tool) {
    return wish(wishId, tool, "");
  }

  /**
   * @param signature what the vendor wants back with the request; empty for nothing
   */
  public int wish(String wishId, String tool, String signature) {
    int index = wishes.size();
    wishes.add(new Wish(wishId, tool, new StringBuilder()));
    tell(new Delta.ToolStarted(index, wishId, tool, signature));
    return index;
  }

  public void arguments(int index, String more) {
    if (!more.isEmpty()) {
      wishes.get(index).arguments.append(more);
      tell(new Delta.ToolArguments(index, more));
    }
  }

  /** Whether this request has said what it wants. */
  public boolean hasArguments(int index) {
    return !wishes.get(index).arguments.isEmpty();
  }

  public int wishes() {
    return wishes.size();
  }

  public void finish(FinishReason reason) {
    finish = reason;
  }

  public boolean isFinished() {
    return finish != null;
  }

  /** What the vendor wants back with the next turn. */
  public void keep(JsonNode content) {
    keepsake = content;
  }

  /**
   * What the vendor counted.
   *
   * @param complete whether the count covers all that was heard so far
   */
  public void counted(Usage counted, boolean complete) {
    usage = counted;
    whole = complete;
  }

  public @Nullable Usage usage() {
    return usage;
  }

  /** Whether a part of the answer was told to the caller, or would have been. */
  boolean hasBegun() {
    return !text.isEmpty() || !wishes.isEmpty();
  }

  private void tell(Delta delta) {
    try {
      // Not as they come: a vendor that breaks off while it thinks is followed by another one.
      if (!told && !thoughts.isEmpty()) {
        sink.next(new Delta.Thoughts(thoughts.toString()));
      }
      told = true;
      sink.next(delta);
    } catch (RuntimeException left) {
      throw new Abandoned(left);
    }
  }

  /** The caller's sink wants no more. */
  static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Abandoned(RuntimeException cause) {
      super("the caller wants no more", cause, false, false);
    }
  }

  Answer answer(Count count) {
    Usage counted = usage;
    Usage all = counted != null && whole ? counted : count.received(this);
    return new Answer(id, model, message(), finishReason(), all);
  }

  /** What broke off: its usage is what was received, and its end the end of what there is. */
  Answer partial(Count count) {
    return new Answer(id, model, message(), FinishReason.LENGTH, count.received(this));
  }

  private FinishReason finishReason() {
    FinishReason said = finish == null ? FinishReason.STOP : finish;
    return said == FinishReason.STOP && !wishes.isEmpty() ? FinishReason.TOOL_CALLS : said;
  }

  private Message.Assistant message() {
    List<ToolRequest> requests = new ArrayList<>(wishes.size());
    for (Wish wish : wishes) {
      String arguments = wish.arguments.isEmpty() ? "{}" : wish.arguments.toString();
      requests.add(new ToolRequest(wish.id, wish.tool, arguments));
    }
    JsonNode kept = keepsake;
    return new Message.Assistant(
        text.toString(), requests, kept == null ? null : new Message.Keepsake(dialect, kept));
  }

  /**
   * Counts what the vendor did not.
   *
   * @param requestBytes how long the request was
   * @param most the bound of output tokens that the vendor was told; null when it was told none
   */
  record Count(TokenGauge gauge, long requestBytes, @Nullable Integer most) {
    /** What a tool request costs beside its words: markers, its name's frame. */
    private static final int FRAME = 16;

    Usage received(Draft draft) {
      Usage said = draft.usage;
      long output = FRAME + gauge.tokens(draft.model, draft.text.toString());
      for (Wish wish : draft.wishes) {
        output += FRAME + gauge.tokens(draft.model, wish.tool + wish.arguments);
      }
      if (!draft.thoughts.isEmpty()) {
        output += FRAME + gauge.tokens(draft.model, draft.thoughts.toString());
      }
      if (most != null) {
        // Hidden thoughts are not received; the bound is the only count that is not too low.
        output = draft.thought ? most : Math.min(output, most);
      }
      if (said == null) {
        return new Usage(requestBytes, 0, 0, output, 0, false);
      }
      return new Usage(
          said.inputTokens() > 0 ? said.inputTokens() : requestBytes,
          said.cachedInputTokens(),
          said.cacheWriteTokens(),
          Math.max(said.outputTokens(), output),
          said.reasoningTokens(),
          false);
    }
  }
}
