package dev.capstan.llm.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.Usage;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class PriceTest {
  private static final Price MINI =
      new Price(
          Money.dollars("0.00000015"),
          Money.dollars("0.000000075"),
          Money.dollars("0.0000001875"),
          Money.dollars("0.0000006"),
          "the vendor's page",
          LocalDate.of(2026, 11, 1));

  @Test
  void cached_tokens_are_a_part_of_the_input_and_cost_their_own_price() {
    Usage usage = new Usage(1_000, 400, 100, 50, 20, true);
    assertThat(MINI.of(usage))
        .isEqualTo(
            Money.dollars("0.000075") // 500 plain
                .plus(Money.dollars("0.00003")) // 400 cached
                .plus(Money.dollars("0.00001875")) // 100 written
                .plus(Money.dollars("0.00003"))); // 50 out
  }

  @Test
  void the_worst_case_takes_the_dearest_price_of_what_goes_in() {
    assertThat(MINI.atMost(1_000, 50))
        .isEqualTo(Money.dollars("0.0001875").plus(Money.dollars("0.00003")));
  }
}
