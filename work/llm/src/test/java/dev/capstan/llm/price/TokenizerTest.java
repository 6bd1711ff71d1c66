package dev.capstan.llm.price;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.capstan.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** {@code tokens.json} was counted by tiktoken 0.14, the vendor's own. */
@Timeout(60)
class TokenizerTest {
  private static final String[] WORDS = {
    "the",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    "Haus",
    "HTTPServer",
    "12345",
    "'s",
    "'LL",
    "!",
    "...",
    "/",
    "\u00a0",
    "\u0085",
    "\u2003",
    "\u200b",
    "é",
    "e\u0301",
    "日本",
    "。",
    "мир",
    "👩\u200d🚀",
    "{\"a\":1}",
    "-",
    "_",
    "\u001c",
    "ǅ",
    "ª",
    "²",
    "\uFEFF",
    "/\n",
    ".\n",
    " \n"
  };

  @Test
  void it_counts_as_the_vendor_does() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("tokens.json")) {
      assertThat(file).isNotNull();
      JsonNode counted = Json.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(counted).hasSize(27);
      for (JsonNode each : counted.values()) {
        for (Tokenizer tokenizer : Tokenizer.values()) {
          assertThat(tokenizer.tokens(each.path("text").asString()))
              .as(tokenizer + " of " + each)
              .isEqualTo(each.path(tokenizer.wireName()).asInt());
        }
      }
    }
  }

  private static Encoding library(Tokenizer tokenizer) {
    return Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.valueOf(tokenizer.name()));
  }

  @ParameterizedTest
  @EnumSource
  void in_portions_it_counts_as_at_one_go(Tokenizer tokenizer) {
    Encoding library = library(tokenizer);
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      while (text.length() < 40_000) {
        text.append(WORDS[random.nextInt(WORDS.length)]);
        if (random.nextInt(3) == 0) {
          text.append(" a");
        }
      }
      assertThat(tokenizer.tokens(text.toString()))
          .as("seed " + seed)
          .isEqualTo(library.countTokensOrdinary(text.toString()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_is_no_text_is_counted_by_bytes_and_soon(Tokenizer tokenizer) {
    Encoding library = library(tokenizer);
    for (String letter :
        new String[] {"a", " ", "\n", "=", "é", "日", "7", "👩", "ab", "aB", "! "}) {
      String text = letter.repeat(1_500_000);
      long bytes = text.getBytes(StandardCharsets.UTF_8).length;
      assertThat(tokenizer.tokens(text)).as(letter).isPositive().isLessThanOrEqualTo(bytes);
      String piece = letter.repeat(6_000);
      assertThat(tokenizer.tokens(piece))
          .as(letter)
          .isGreaterThanOrEqualTo(library.countTokensOrdinary(piece));
    }
  }

  @Test
  void half_letters_are_counted_by_the_bytes_that_they_may_become() {
    assertThat(Tokenizer.O200K_BASE.tokens("\uD83D".repeat(1_000))).isEqualTo(3_000);
    assertThat(Tokenizer.O200K_BASE.tokens("a\uDE80")).isEqualTo(4);
  }

  @Test
  void a_table_names_it_and_says_which_there_are() {
    PriceTable table =
        PriceTable.read("model_costs: {m: {input: 1, output: 1, tokenizer: cl100k_base}}");
    assertThat(table.price("m").tokenizer()).isEqualTo(Tokenizer.CL100K_BASE);
    assertThat(table.tokens("m", "Hello, world!")).isEqualTo(4);
    assertThat(table.tokens("unknown", "Hello, world!")).isEqualTo(13);
    assertThat(PriceTable.shipped().price("gpt-4o-2024-11-20").tokenizer())
        .isEqualTo(Tokenizer.O200K_BASE);
    assertThat(PriceTable.shipped().price("claude-opus-4-8").tokenizer()).isNull();
  }

  @Test
  void who_sets_a_price_of_his_own_keeps_the_tokenizer() {
    PriceTable own = PriceTable.read("model_costs: {gpt-4o: {input: 1, output: 1}}");
    ModelPrice over = own.over(PriceTable.shipped()).price("gpt-4o");
    assertThat(over.tokenizer()).isEqualTo(Tokenizer.O200K_BASE);
    assertThat(over.price()).isEqualTo(own.price("gpt-4o").price());
  }
}
