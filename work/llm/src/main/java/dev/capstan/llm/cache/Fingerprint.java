package dev.capstan.llm.cache;

import dev.capstan.llm.ModelCall;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names a question: SHA-256 of its model, messages, tools and parameters. Who asks is no part of
 * it, nor whether the answer is streamed.
 */
public record Fingerprint(long a, long b, long c, long d) {
  public static Fingerprint of(ModelCall call) {
    Writing writing = new Writing();
    writing.text(call.model());
    writing.number(call.messages().size());
    call.messages().forEach(writing::message);
    writing.number(call.tools().size());
    call.tools().forEach(writing::tool);
    writing.sampling(call.sampling());
    writing.format(call.format());
    ByteBuffer hash = ByteBuffer.wrap(writing.digest.digest());
    return new Fingerprint(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
  }

  /** 64 hexadecimal digits. */
  @Override
  public String toString() {
    return String.format("%016x%016x%016x%016x", a, b, c, d);
  }

  /** Every piece goes in with its kind or length before it, so that no two questions look alike. */
  private static final class Writing {
    final MessageDigest digest = sha256();
    private final ByteBuffer eight = ByteBuffer.allocate(Long.BYTES);

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    void number(long value) {
      digest.update(eight.clear().putLong(value).array());
    }

    void text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      number(bytes.length);
      digest.update(bytes);
    }

    private void maybe(@Nullable Object value) {
      text(value == null ? "" : "=" + value);
    }

    private void texts(List<String> texts) {
      number(texts.size());
      texts.forEach(this::text);
    }

    void message(Message message) {
      switch (message) {
        case Message.Instructions said -> {
          number(1);
          text(said.text());
        }
        case Message.User said -> {
          number(2);
          number(said.parts().size());
          said.parts().forEach(this::part);
        }
        case Message.Assistant said -> {
          number(3);
          text(said.text());
          number(said.toolRequests().size());
          said.toolRequests().forEach(this::request);
          Message.Keepsake keepsake = said.keepsake();
          maybe(keepsake == null ? null : keepsake.dialect() + " " + keepsake.content());
        }
        case Message.ToolResult said -> {
          number(4);
          texts(List.of(said.request(), said.tool(), said.content(), "" + said.failed()));
        }
      }
    }

    private void part(Part part) {
      switch (part) {
        case Part.Text text -> texts(List.of("text", text.text()));
        case Part.Image image -> texts(List.of("image", image.mediaType(), image.base64()));
      }
    }

    private void request(ToolRequest request) {
      texts(List.of(request.id(), request.tool(), request.arguments()));
    }

    void tool(ToolOffer tool) {
      texts(List.of(tool.name(), tool.description(), tool.inputSchema().toString()));
    }

    void sampling(Sampling sampling) {
      maybe(sampling.maxOutputTokens());
      maybe(sampling.temperature());
      maybe(sampling.topP());
      maybe(sampling.seed());
      texts(sampling.stop());
      text(
          switch (sampling.toolChoice()) {
            case ToolChoice.Auto _ -> "auto";
            case ToolChoice.None _ -> "none";
            case ToolChoice.Required _ -> "required";
            case ToolChoice.Named named -> "named " + named.tool();
          });
      text("" + sampling.parallelTools());
    }

    void format(AnswerFormat format) {
      switch (format) {
        case AnswerFormat.FreeText _ -> number(1);
        case AnswerFormat.JsonObject _ -> number(2);
        case AnswerFormat.BySchema by -> {
          number(3);
          texts(List.of(by.name(), by.schema().toString(), "" + by.strict()));
        }
      }
    }
  }
}
