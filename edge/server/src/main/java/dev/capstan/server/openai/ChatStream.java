package dev.capstan.server.openai;

import dev.capstan.kernel.Json;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer as server-sent events. The status goes out with the first piece and not before, so that
 * a call that fails without one is refused as any other; a client that has gone ends the call.
 */
final class ChatStream implements DeltaSink {
  /** The client reads no more. */
  static final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Gone(IOException cause) {
      super("the client has gone", cause, false, false);
    }
  }

  /** The status waits for the first word, but not for ever. */
  private static final int MOST_SILENCES = 5;

  private final HttpServletResponse response;
  private final Completion completion;
  private @Nullable ServletOutputStream out;
  private boolean gone;
  private int silences;

  ChatStream(HttpServletResponse response, Completion completion) {
    this.response = response;
    this.completion = completion;
  }

  @Override
  public void next(Delta delta) {
    if (out == null) {
      begin();
    }
    send(completion.chunk(delta(delta)));
  }

  private static ObjectNode delta(Delta delta) {
    return switch (delta) {
      case Delta.Text text -> Json.object().put("content", text.text());
      case Delta.Thoughts thoughts -> Json.object().put("reasoning_content", thoughts.text());
      case Delta.ToolStarted tool -> {
        ObjectNode call = call(tool.index()).put("id", tool.id()).put("type", "function");
        call.putObject("function").put("name", tool.tool()).put("arguments", "");
        yield calls(Completion.sign(call, tool.signature()));
      }
      case Delta.ToolArguments more -> {
        ObjectNode call = call(more.index());
        call.putObject("function").put("arguments", more.text());
        yield calls(call);
      }
    };
  }

  private static ObjectNode call(int index) {
    return Json.object().put("index", index);
  }

  private static ObjectNode calls(ObjectNode call) {
    ObjectNode delta = Json.object();
    delta.putArray("tool_calls").add(call);
    return delta;
  }

  private void begin() {
    try {
      response.setStatus(200);
      response.setContentType("text/event-stream;charset=utf-8");
      response.setHeader("Cache-Control", "no-store");
      response.setHeader("X-Accel-Buffering", "no");
      out = response.getOutputStream();
    } catch (IOException broken) {
      throw left(broken);
    }
    send(completion.chunk(Json.object().put("role", "assistant").put("content", "")));
  }

  /**
   * Nothing was said for a while: a comment, which clients skip, shows whether they are still
   * there.
   */
  void still() {
    silences++;
    if (out == null && silences >= MOST_SILENCES) {
      begin();
    }
    if (out != null) {
      write(": still at work\n\n");
    }
  }

  /** Whether anything was sent, the status with it. */
  boolean hasBegun() {
    return out != null;
  }

  boolean isGone() {
    return gone;
  }

  /** It ended well. */
  void end(Told.Answered told, boolean usage) {
    if (out == null) {
      begin();
    }
    send(completion.last(told));
    if (usage) {
      send(completion.used(told.answer().usage()));
    }
    write("data: [DONE]\n\n");
  }

  /** It broke off: said in so many words, and no [DONE]. */
  void broken(ObjectNode trouble) {
    write("event: error\ndata: " + Json.write(trouble) + "\n\n");
  }

  private void send(ObjectNode chunk) {
    write("data: " + Json.write(chunk) + "\n\n");
  }

  private void write(String text) {
    ServletOutputStream stream = out;
    if (stream == null) {
      throw new IllegalStateException("the stream has not begun");
    }
    try {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
      stream.flush();
    } catch (IOException broken) {
      throw left(broken);
    }
  }

  private Gone left(IOException broken) {
    gone = true;
    return new Gone(broken);
  }
}
