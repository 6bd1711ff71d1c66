package dev.capstan.agents.agent;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.ToolRequest;
import java.util.List;

/**
 * How much of a conversation a model is shown. When more was said, the oldest whole turns are to be
 * replaced by notes: so many that what stays fills half of the window, so that the next turns find
 * room; the last turn always stays.
 *
 * @param tokens as {@link #tokens} estimates them
 */
record Window(long tokens) {
  private static final int BYTES_A_TOKEN = 4;
  private static final int TOKENS_A_MESSAGE = 4;
  private static final int TOKENS_AN_IMAGE = 1_500;

  /** How many of the oldest turns that are still shown must go; 0 when all fit. */
  int overflow(Conversation conversation) {
    long shown = conversation.messages().stream().mapToLong(Window::tokens).sum();
    if (shown <= tokens) {
      return 0;
    }
    List<List<Message>> turns = conversation.shownTurns();
    int gone = 0;
    while (gone < turns.size() - 1 && shown + notes() > tokens / 2) {
      shown -= turns.get(gone).stream().mapToLong(Window::tokens).sum();
      gone++;
    }
    return gone;
  }

  /** The most that notes may take. */
  long notes() {
    return Math.clamp(tokens / 8, 32, 1_000);
  }

  /** An estimate that errs upwards for text in most languages, and needs no tokenizer. */
  static long tokens(Message message) {
    return TOKENS_A_MESSAGE
        + switch (message) {
          case Message.Instructions told -> tokens(told.text());
          case Message.User user -> user.parts().stream().mapToLong(Window::tokens).sum();
          case Message.Assistant said -> tokens(said.text()) + requests(said.toolRequests());
          case Message.ToolResult result -> tokens(result.content());
        };
  }

  private static long requests(List<ToolRequest> requests) {
    return requests.stream()
        .mapToLong(request -> TOKENS_A_MESSAGE + tokens(request.tool() + request.arguments()))
        .sum();
  }

  private static long tokens(Part part) {
    return switch (part) {
      case Part.Text text -> tokens(text.text());
      case Part.Image image -> TOKENS_AN_IMAGE;
    };
  }

  static long tokens(String text) {
    long bytes = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    }
    return (bytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN;
  }
}
