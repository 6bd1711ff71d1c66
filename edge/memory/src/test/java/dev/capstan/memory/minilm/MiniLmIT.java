package dev.capstan.memory.minilm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.capstan.agents.memory.Embedder;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The model's pieces and meanings are those that others reckon with the same files. */
class MiniLmIT {
  private static MiniLm model;

  @BeforeAll
  static void opened() {
    model = new MiniLm();
  }

  @AfterAll
  static void closed() {
    model.close();
  }

  /** Written by LangChain4j and the tokenizer of Hugging Face. */
  private static JsonNode oracle() throws IOException {
    try (InputStream file = MiniLmIT.class.getResourceAsStream("oracle.json")) {
      return Json.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @TestFactory
  Stream<DynamicTest> it_agrees_with_the_oracle() throws IOException {
    return oracle()
        .valueStream()
        .map(told ->
            DynamicTest.dynamicTest(
                "\"" + told.path("text").asString() + "\"",
                () -> {
                  String text = told.path("text").asString();
                  List<Integer> pieces = new ArrayList<>(model.pieces().of(text));
                  pieces.addFirst(101);
                  pieces.addLast(102);
                  assertThat(pieces)
                      .isEqualTo(told.path("pieces").valueStream().map(JsonNode::asInt).toList());
                  float[] meaning = model.embed(text);
                  for (int i = 0; i < told.path("meaning").size(); i++) {
                    assertThat((double) meaning[i])
                        .isCloseTo(told.path("meaning").get(i).asDouble(), within(0.001));
                  }
                }));
  }

  private static double likeness(String one, String other) {
    return Embedder.dot(model.embed(one), model.embed(other));
  }

  @Test
  void what_means_the_same_is_close_and_what_does_not_is_far() {
    assertThat(likeness("the car is red", "my automobile is crimson")).isGreaterThan(0.4);
    assertThat(likeness("the car is red", "quarterly tax filings are due")).isLessThan(0.2);
  }

  @Test
  void long_texts_are_taken_in_parts_and_any_text_has_a_length_of_one() {
    String longText = "The meeting about the budget is on Friday. ".repeat(150);
    assertThat(likeness(longText, "When is the budget meeting?")).isGreaterThan(0.4);
    for (String text : List.of(longText, "", "😀", "\u0000", "ab".repeat(4_000))) {
      assertThat(likeness(text, text)).isCloseTo(1, within(0.001));
    }
  }

  @Test
  void many_threads_get_the_same_meanings() throws Exception {
    float[] alone = model.embed("the same text");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<float[]>> together = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        together.add(threads.submit(() -> model.embed("the same text")));
      }
      for (Future<float[]> one : together) {
        assertThat(one.get()).containsExactly(alone);
      }
    }
  }

  @Test
  void who_comes_after_the_close_is_refused_and_does_not_wait() {
    MiniLm closing = new MiniLm();
    assertThat(closing.embed("before")).hasSize(384);
    closing.close();
    assertThatThrownBy(() -> closing.embed("after"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("closed");
    closing.close();
  }
}
