package dev.capstan.server;

import static dev.capstan.server.ChatHouse.asking;
import static dev.capstan.server.ChatHouse.joined;
import static dev.capstan.server.ChatHouse.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.twin.Bill;
import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Scene;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * The first vendor is faulty and the second is well, five seconds for each: the table on which the
 * gateways of today differ, row by row against our own endpoint.
 */
class FailoverRowsIT {
  private static final String WELL = "Here I am, and well.";
  private static final Duration SOON = Duration.ofSeconds(4);
  private static final Duration TIMEOUT = Duration.ofSeconds(9);
  private static final List<String> FIGURES = new ArrayList<>();
  private static final LongSupplier NANOS = System::nanoTime;

  /** What is wrong with the first before it has said a word. */
  enum Row {
    STALLS_BEFORE_THE_FIRST_BYTE,
    CUT_BEFORE_THE_ANSWER,
    RESET_BEFORE_THE_ANSWER,
    STATUS_429_RETRY_AFTER_1,
    STATUS_500,
    STATUS_401,
    MALFORMED_JSON,
    BODY_CUT_HALF_WAY;

    Mishap mishap() {
      return switch (this) {
        case STALLS_BEFORE_THE_FIRST_BYTE ->
            Mishap.breaks(Mishap.Where.BEFORE_HEADERS, Mishap.How.STALL);
        case CUT_BEFORE_THE_ANSWER -> Mishap.breaks(Mishap.Where.BEFORE_HEADERS, Mishap.How.CUT);
        case RESET_BEFORE_THE_ANSWER ->
            Mishap.breaks(Mishap.Where.BEFORE_HEADERS, Mishap.How.RESET);
        case STATUS_429_RETRY_AFTER_1 ->
            Mishap.denies(Denial.RATE_LIMIT, Mishap.Form.SECONDS, Duration.ofSeconds(1));
        case STATUS_500 -> Mishap.denies(Denial.SERVER_ERROR);
        case STATUS_401 -> Mishap.denies(Denial.BAD_KEY);
        case MALFORMED_JSON -> Mishap.garbles(Mishap.Garble.MALFORMED_JSON);
        case BODY_CUT_HALF_WAY -> Mishap.breaks(Mishap.Where.MIDWAY, Mishap.How.CUT);
      };
    }
  }

  /** What happens to a stream that has begun: nobody else may go on with it. */
  enum Begun {
    CUT_AFTER_SOME_PIECES,
    STALLS_AFTER_SOME_PIECES,
    ENDS_WITHOUT_THE_LAST_WORD,
    TELLS_AN_ERROR,
    MALFORMED_PIECE;

    Mishap mishap() {
      return switch (this) {
        case CUT_AFTER_SOME_PIECES -> Mishap.breaks(Mishap.Where.MIDWAY, Mishap.How.CUT);
        case STALLS_AFTER_SOME_PIECES -> Mishap.breaks(Mishap.Where.MIDWAY, Mishap.How.STALL);
        case ENDS_WITHOUT_THE_LAST_WORD -> Mishap.garbles(Mishap.Garble.UNFINISHED);
        case TELLS_AN_ERROR -> Mishap.garbles(Mishap.Garble.ERROR_EVENT);
        case MALFORMED_PIECE -> Mishap.garbles(Mishap.Garble.MALFORMED_JSON);
      };
    }
  }

  @TempDir Path home;
  private ChatHouse chat;

  @BeforeEach
  void open() throws Exception {
    chat = new ChatHouse(home);
    chat.twin.script().on("second", Scene.says(WELL));
  }

  @AfterEach
  void close() {
    chat.close();
  }

  @AfterAll
  static void print() {
    System.out.println("figure: " + FIGURES.size() + " rows right: " + String.join(", ", FIGURES));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(NANOS.getAsLong() - start);
  }

  private static void right(Enum<?> row, String form, Duration took) {
    FIGURES.add(
        row.name().toLowerCase(java.util.Locale.ROOT) + form + " " + took.toMillis() + " ms");
  }

  @ParameterizedTest
  @EnumSource
  void the_second_answers_whole(Row row) throws Exception {
    chat.twin.script().on("first", Scene.of(row.mishap()));
    long start = NANOS.getAsLong();
    HttpResponse<String> answer = chat.ask(asking("twin", "who is there?"));
    Duration took = since(start);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(words(Json.parse(answer.body()))).isEqualTo(WELL);
    assertThat(answer.headers().firstValue("x-capstan-provider")).contains("second");
    assertThat(took).isLessThan(row == Row.STALLS_BEFORE_THE_FIRST_BYTE ? TIMEOUT : SOON);
    right(row, "", took);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"BODY_CUT_HALF_WAY", "MALFORMED_JSON"},
      mode = EnumSource.Mode.EXCLUDE)
  void the_second_streams(Row row) throws Exception {
    chat.twin.script().on("first", Scene.of(row.mishap()));
    long start = NANOS.getAsLong();
    List<String> events = chat.stream(asking("twin", "who is there?"));
    assertThat(joined(events)).isEqualTo(WELL);
    assertThat(events.getLast()).isEqualTo("[DONE]");
    right(row, " (stream)", since(start));
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_that_has_begun_ends_with_an_error_and_its_charge(Begun row) throws Exception {
    chat.twin.script().on("first", Scene.of(row.mishap()));
    long start = NANOS.getAsLong();
    List<String> events = chat.stream(asking("twin", "tell"));
    Duration took = since(start);
    assertThat(events).doesNotContain("[DONE]");
    assertThat(joined(events)).isNotEmpty().doesNotContain(WELL);
    JsonNode last = Json.parse(events.getLast());
    assertThat(last.path("error").path("message").asString("")).isNotEmpty();
    Bill.Line billed = chat.twin.bill().total();
    assertThat(Money.dollars(last.path("capstan").path("cost").asString("0")))
        .as("a charge for what was delivered, and not less than the bill")
        .isGreaterThan(Money.ZERO)
        .isGreaterThanOrEqualTo(Money.dollars("0.000001").times(billed.input() + billed.output()));
    assertThat(took).isLessThan(TIMEOUT);
    right(row, "", took);
  }

  @Test
  void a_steady_429_is_told_as_one_with_its_own_retry_after() throws Exception {
    chat.twin
        .script()
        .always(
            Scene.of(Mishap.denies(Denial.RATE_LIMIT, Mishap.Form.SECONDS, Duration.ofMinutes(2))));
    chat.twin.script().on("second", Scene.of(Mishap.denies(Denial.RATE_LIMIT)));
    HttpResponse<String> answer = chat.ask(asking("alone", "hello"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
    assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(110L, 120L);
    FIGURES.add("steady 429 told as 429");
  }
}
