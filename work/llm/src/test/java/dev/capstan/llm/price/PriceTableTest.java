package dev.capstan.llm.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.Usage;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class PriceTableTest {
  @Test
  void the_documents_form_is_dollars_per_thousand_tokens() {
    PriceTable table =
        PriceTable.read(
            """
            cost_tracking:
              enabled: true
              model_costs:
                gpt-4:
                  input: 0.03
                  output: 0.06
            """);
    Usage usage = new Usage(1_000, 0, 0, 500, 0, true);
    assertThat(table.price("gpt-4").of(usage)).isEqualTo(Money.dollars("0.06"));
  }

  @Test
  void a_model_without_a_price_is_refused_and_a_free_one_says_so() {
    PriceTable table = PriceTable.read("model_costs: {ours: {input: 0, output: 0}}");
    assertThat(table.price("ours").atMost(1_000, 1_000)).isEqualTo(Money.ZERO);
    assertThatThrownBy(() -> table.price("theirs"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("'theirs' has no price");
  }

  @Test
  void other_names_are_priced_alike_only_where_the_table_says_so() {
    PriceTable table =
        PriceTable.read(
            """
            model_costs:
              big: {input: 1, output: 1, also: [big-2026-01-01, big-mini-*]}
              small: {input: 0.1, output: 0.1, also: [big-mini-small*]}
            """);
    assertThat(table.price("big-2026-01-01").model()).isEqualTo("big");
    assertThat(table.price("big-mini-2026").model()).isEqualTo("big");
    assertThat(table.price("big-mini-small-2026").model()).isEqualTo("small");
    assertThat(table.find("big-2026-01-02")).isEmpty();
  }

  @Test
  void every_mistake_is_told_with_its_place() {
    String text =
        """
        per: dozen
        model_costs:
          a: {input: -1, output: 0.1}
          b: {input: 1e-40, output: free, colour: red}
          c: {output: 1, as_of: yesterday, max_output: 0}
          d: [1, 2]
          e: {input: 2000000, output: 0.0000000000001}
        """;
    assertThatThrownBy(() -> PriceTable.read(text))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal ->
                assertThat(refusal.problem().mistakes())
                    .extracting(Mistake::path, Mistake::line)
                    .contains(
                        org.assertj.core.groups.Tuple.tuple("per", 1),
                        org.assertj.core.groups.Tuple.tuple("model_costs.a.input", 3),
                        org.assertj.core.groups.Tuple.tuple("model_costs.b.input", 4),
                        org.assertj.core.groups.Tuple.tuple("model_costs.b.output", 4),
                        org.assertj.core.groups.Tuple.tuple("model_costs.b.colour", 4),
                        org.assertj.core.groups.Tuple.tuple("model_costs.c.input", 5),
                        org.assertj.core.groups.Tuple.tuple("model_costs.c.as_of", 5),
                        org.assertj.core.groups.Tuple.tuple("model_costs.c.max_output", 5),
                        org.assertj.core.groups.Tuple.tuple("model_costs.d", 6),
                        org.assertj.core.groups.Tuple.tuple("model_costs.e.input", 7),
                        org.assertj.core.groups.Tuple.tuple("model_costs.e.output", 7)));
  }

  @Test
  void no_text_breaks_the_reader() {
    for (String text :
        List.of(
            "",
            "[",
            "a: &a [*a]",
            "model_costs: {? [x] : 1}",
            "- 1",
            "model_costs: {x: {input: 99999999, output: 1}}",
            "model_costs: {'*': {input: 1, output: 1}}")) {
      assertThatThrownBy(() -> PriceTable.read(text)).as(text).isInstanceOf(Refusal.class);
    }
  }

  @Test
  void every_shipped_price_has_a_source_a_date_and_sense() {
    PriceTable shipped = PriceTable.shipped();
    assertThat(shipped.models()).hasSizeGreaterThan(30).containsKeys("gpt-4o-mini", "scripted");
    shipped
        .models()
        .forEach((name, model) -> {
          Price price = model.price();
          assertThat(price.source()).as(name).isNotEmpty();
          assertThat(price.asOf()).as(name).isAfter(LocalDate.of(2026, 1, 1));
          assertThat(price.cachedInput()).as(name).isLessThanOrEqualTo(price.input());
          assertThat(price.input()).as(name).isLessThanOrEqualTo(price.output());
          assertThat(model.defaultOutput()).as(name).isLessThanOrEqualTo(model.mostOutput());
        });
    assertThat(shipped.price("gpt-4o-mini").of(new Usage(1_000_000, 0, 0, 1_000_000, 0, true)))
        .isEqualTo(Money.dollars("0.75"));
  }

  @Test
  void a_long_input_makes_the_whole_call_dearer() {
    ModelPrice pro = PriceTable.shipped().price("gemini-2.5-pro");
    assertThat(pro.of(new Usage(200_000, 0, 0, 0, 0, true))).isEqualTo(Money.dollars("0.25"));
    assertThat(pro.of(new Usage(200_001, 0, 0, 0, 0, true))).isEqualTo(Money.dollars("0.5000025"));
    assertThat(pro.atMost(200_001, 0)).isEqualTo(Money.dollars("0.5000025"));
  }

  @Test
  void a_table_goes_over_another() {
    PriceTable ours = PriceTable.read("model_costs: {gpt-4o-mini: {input: 1, output: 1}}");
    PriceTable both = ours.over(PriceTable.shipped());
    assertThat(both.price("gpt-4o-mini").price().input()).isEqualTo(Money.dollars("0.001"));
    assertThat(both.find("gpt-4o")).isPresent();
  }
}
