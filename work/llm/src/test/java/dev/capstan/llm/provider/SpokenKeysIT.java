package dev.capstan.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Vendors, and proxies in front of them, that say the key back wherever there is room for a text:
 * no object that can be reached from what the caller gets holds it.
 */
class SpokenKeysIT {
  private static final String SAID = "Bearer " + Vendor.KEY + " (" + Vendor.KEY + ")";

  /** In order by each of the protocols, and named after the key. */
  private static final String ANSWER =
      """
      {"id": "KEY", "responseId": "KEY", "model": "KEY", "modelVersion": "KEY",
       "system_fingerprint": "KEY", "object": "KEY", "role": "assistant", "status": "completed",
       "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"},
         "finish_reason": "stop"}],
       "content": [{"type": "text", "text": "hi"}], "stop_reason": "end_turn",
       "output": [{"type": "message", "id": "KEY", "role": "assistant", "status": "completed",
         "content": [{"type": "output_text", "text": "hi", "annotations": []}]}],
       "candidates": [{"index": 0, "finishReason": "STOP",
         "content": {"role": "model", "parts": [{"text": "hi"}]}}],
       "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2,
         "input_tokens": 1, "output_tokens": 1},
       "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1}}\
      """
          .replace("KEY", SAID);

  private static final String ERROR =
      """
      {"type": "error", "error": {"type": "invalid_request_error KEY", "status": "KEY",
       "code": "KEY", "param": "KEY", "message": "no such key: KEY", "details": ["KEY"]}}\
      """
          .replace("KEY", SAID);

  @Test
  void nothing_that_can_be_reached_from_a_reply_holds_the_key() throws Exception {
    List<String> found = new ArrayList<>();
    int replies = 0;
    int answered = 0;
    try (VendorTwin twin = VendorTwin.start();
        Wire wire = Vendor.wire()) {
      for (Scene scene : scenes()) {
        twin.script().always(scene);
        for (Vendor vendor : Vendor.values()) {
          for (boolean stream : new boolean[] {false, true}) {
            List<Delta> heard = new ArrayList<>();
            Reply reply =
                vendor
                    .at(twin, wire)
                    .call(Vendor.ask("m", stream, Message.User.says("Hi")), heard::add);
            replies++;
            answered += reply instanceof Reply.Answered ? 1 : 0;
            for (String text : texts(List.of(reply, heard))) {
              if (text.contains("PLANTED")) {
                found.add(vendor + " to " + scene.mishap() + ": " + text);
              }
            }
          }
        }
      }
      assertThat(twin.asks().toString()).as("it did go out").contains(Vendor.KEY);
    }
    assertThat(found).isEmpty();
    assertThat(answered).as("answers named after the key").isGreaterThanOrEqualTo(5);
    System.out.printf("figure: %d replies, %d of them answers%n", replies, answered);
  }

  private static List<Scene> scenes() {
    List<Scene> scenes = new ArrayList<>();
    for (int status : new int[] {200, 302, 400, 401, 402, 403, 404, 413, 422, 429, 500, 503, 529}) {
      scenes.add(answers(status, "application/json", ERROR));
    }
    scenes.add(answers(200, "application/json", ANSWER));
    scenes.add(answers(200, "application/json", SAID));
    scenes.add(answers(200, SAID, SAID));
    scenes.add(answers(500, "text/html", "<h1>" + SAID + "</h1>"));
    scenes.add(answers(200, "text/event-stream", "data: " + ERROR + "\n\n"));
    scenes.add(answers(200, "text/event-stream", "event: error\ndata: " + ERROR + "\n\n"));
    scenes.add(answers(200, "text/event-stream", "event: " + SAID + "\ndata: " + SAID + "\n\n"));
    scenes.add(Scene.of(Mishap.denies(Denial.BAD_KEY)));
    scenes.add(Scene.of(Mishap.garbles(Mishap.Garble.ERROR_EVENT)));
    return scenes;
  }

  private static Scene answers(int status, String type, String body) {
    return Scene.of(
        new Mishap.Answers(
            status,
            Map.of("x-request-id", SAID, "Retry-After", SAID, "x-ratelimit-reset-requests", SAID),
            type,
            body));
  }

  /** Every text that can be reached, through fields that nobody may read, too. */
  private static List<String> texts(Object root) throws IllegalAccessException {
    List<String> texts = new ArrayList<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Object> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      Object next = open.pop();
      if (!seen.add(next)) {
        continue;
      }
      switch (next) {
        case CharSequence text -> texts.add(text.toString());
        case Collection<?> many -> many.forEach(open::push);
        case Map<?, ?> map -> {
          map.keySet().forEach(open::push);
          map.values().forEach(open::push);
        }
        default -> {
          texts.add(next.toString());
          for (Object held : fields(next)) {
            open.push(held);
          }
        }
      }
    }
    return texts;
  }

  private static List<Object> fields(Object owner) throws IllegalAccessException {
    List<Object> held = new ArrayList<>();
    for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        boolean plain = field.getType().isPrimitive() || Modifier.isStatic(field.getModifiers());
        // The JDK keeps its own to itself: those say what they hold as texts.
        if (!plain && field.trySetAccessible()) {
          Object value = field.get(owner);
          if (value != null) {
            held.add(value);
          }
        }
      }
    }
    return held;
  }
}
