package dev.capstan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlanReaderLaws {
  private static final int CASES = Integer.getInteger("capstan.fuzz", 20_000);
  private static final PlanReader READER = new PlanReader(Tools.ALL);
  private static final String[] SCRAPS = {
    "${",
    "}",
    "steps.",
    "inputs.",
    "$",
    "{",
    "[",
    "]",
    ":",
    "- ",
    "\n",
    "\t",
    "&a ",
    "*a",
    "<<: ",
    "!!",
    "'",
    "\"",
    "`",
    "null",
    "true",
    "-1",
    "1e400",
    "id: a",
    "tool: echo",
    "foreach: ",
    "when: ",
    "plan: ",
    "loop: ",
    "\u0000",
    "\uD800",
    "é",
    "..",
    "/a/",
    "$eval",
    "%",
    "@",
    "|",
    ">",
    "#",
    "~"
  };

  @Test
  void valid_plans_are_read_as_they_were_written() {
    for (int seed = 0; seed < 300; seed++) {
      Plan plan = new RandomPlans(seed).plan();
      String text = Json.pretty(PlanCodec.encode(plan));
      switch (READER.read(text)) {
        case PlanReader.Read.Valid valid ->
            assertThat(Json.write(PlanCodec.encode(valid.plan())))
                .isEqualTo(Json.write(PlanCodec.encode(plan)));
        case PlanReader.Read.Invalid invalid ->
            throw new AssertionError(seed + ": " + invalid.mistakes() + text);
      }
    }
  }

  @Test
  void whatever_the_text_reading_ends_in_a_plan_or_in_mistakes_with_their_places() {
    Random dice = new Random(7);
    long slowest = 0;
    int plans = 0;
    for (int i = 0; i < CASES; i++) {
      String text = text(dice);
      long before = System.nanoTime();
      PlanReader.Read read = READER.read(text);
      slowest = Math.max(slowest, System.nanoTime() - before);
      switch (read) {
        case PlanReader.Read.Valid valid -> {
          PlanCodec.decode(Json.parse(Json.write(PlanCodec.encode(valid.plan()))));
          plans++;
        }
        case PlanReader.Read.Invalid invalid -> {
          assertThat(invalid.mistakes()).isNotEmpty();
          for (Mistake mistake : invalid.mistakes()) {
            assertThat(mistake.message()).isNotBlank();
            assertThat(mistake.path().isEmpty() || mistake.line() > 0).as(text).isTrue();
          }
        }
      }
    }
    assertThat(slowest).isLessThan(10_000_000_000L);
    System.out.printf("figure: %,d texts, of which %,d were plans%n", CASES, plans);
  }

  private static String text(Random dice) {
    return switch (dice.nextInt(4)) {
      case 0 -> noise(dice);
      case 1 -> mutated(PlanReaderTest.RELEASE, dice);
      case 2 ->
          mutated(Json.write(PlanCodec.encode(new RandomPlans(dice.nextInt(200)).plan())), dice);
      default -> scraps(dice);
    };
  }

  private static String noise(Random dice) {
    StringBuilder text = new StringBuilder();
    for (int i = dice.nextInt(80); i > 0; i--) {
      text.append((char) dice.nextInt(dice.nextInt(4) == 0 ? 0xFFFF : 128));
    }
    return text.toString();
  }

  private static String scraps(Random dice) {
    StringBuilder text = new StringBuilder();
    for (int i = dice.nextInt(40); i > 0; i--) {
      text.append(SCRAPS[dice.nextInt(SCRAPS.length)]);
    }
    return text.toString();
  }

  private static String mutated(String valid, Random dice) {
    StringBuilder text = new StringBuilder(valid);
    for (int i = 1 + dice.nextInt(3); i > 0; i--) {
      int at = dice.nextInt(text.length());
      int to = Math.min(text.length(), at + dice.nextInt(12));
      switch (dice.nextInt(4)) {
        case 0 -> text.delete(at, to);
        case 1 -> text.insert(at, SCRAPS[dice.nextInt(SCRAPS.length)]);
        case 2 -> text.insert(at, text.substring(at, to));
        default -> text.replace(at, to, SCRAPS[dice.nextInt(SCRAPS.length)]);
      }
      if (text.isEmpty()) {
        text.append('x');
      }
    }
    return text.toString();
  }
}
