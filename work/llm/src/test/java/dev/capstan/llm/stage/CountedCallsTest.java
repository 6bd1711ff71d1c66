package dev.capstan.llm.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Told;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.limit.Limit;
import dev.capstan.llm.price.Bounds;
import dev.capstan.llm.price.PriceTable;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 3,875 bytes that are 1,126 tokens: calls whose bytes find no room, and whose tokens do. */
class CountedCallsTest {
  private static final String TEXT = "The sea is blue, far and wide. ".repeat(125);
  private static final Account RUN = new Account(Account.Scope.RUN, "run_1", "");

  private final TestProvider first = new TestProvider("first");
  private final GatewayRig rig = new GatewayRig(first);

  private Told ask(boolean counted, boolean stream) {
    // A dollar for a thousand tokens, in and out.
    String row = "{input: 1, output: 1" + (counted ? ", tokenizer: o200k_base}" : "}");
    PriceTable prices = PriceTable.read("model_costs: {model-of-first: " + row + "}");
    rig.tariff = new TableTariff(prices, new Bounds());
    ModelCall call = rig.call(stream);
    return rig.ask(
        new ModelCall(
            call.origin(),
            call.model(),
            List.of(Message.User.says(TEXT)),
            call.tools(),
            call.sampling(),
            call.format(),
            stream,
            false,
            rig.budgets,
            call.deadline()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_budget_has_room_for_what_is_counted(boolean counted) {
    rig.budgets = List.of(new Budget(RUN, Money.dollars("1.4")));
    assertThat(ask(counted, false)).isInstanceOf(counted ? Told.Answered.class : Told.Failed.class);
    assertThat(first.calls).hasSize(counted ? 1 : 0);
    if (counted) {
      assertThat(rig.ledger.lines.getFirst().claim().most())
          .isBetween(Money.dollars("1.2"), Money.dollars("1.4"));
      assertThat(first.calls.getFirst().sampling().maxOutputTokens())
          .as("nothing is cut off the answer")
          .isEqualTo(GatewayRig.OUTPUT_BOUND);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void what_would_have_to_wait_for_others_is_counted_first(boolean counted) {
    assertThat(ask(counted, false)).as("whose bill is seen").isInstanceOf(Told.Answered.class);
    rig.budgets = List.of(new Budget(RUN, Money.dollars("5.5")));
    List<Told> meanwhile = new ArrayList<>();
    first.then((_, _) -> {
      meanwhile.add(ask(counted, false));
      return new Reply.Answered(TestProvider.answer("yes", TestProvider.USAGE));
    });
    assertThat(ask(counted, false)).isInstanceOf(Told.Answered.class);
    assertThat(meanwhile)
        .singleElement()
        .isInstanceOf(counted ? Told.Answered.class : Told.Failed.class);
  }

  @Test
  void what_does_not_fit_even_then_is_answered_shorter() {
    rig.budgets = List.of(new Budget(RUN, Money.dollars("1.25")));
    assertThat(ask(true, false)).isInstanceOf(Told.Answered.class);
    assertThat(first.calls.getFirst().sampling().maxOutputTokens())
        .isBetween(16, GatewayRig.OUTPUT_BOUND - 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_limit_of_tokens_has_room_for_what_is_counted(boolean counted) {
    rig.limits = List.of(tokens(1_400));
    assertThat(ask(counted, false)).isInstanceOf(counted ? Told.Answered.class : Told.Failed.class);
  }

  @Test
  void what_has_no_room_yet_waits_for_as_much_as_is_counted() {
    // The first leaves 8,000 less 15: room for six that are counted, and for two that are not.
    rig.limits = List.of(tokens(8_000));
    for (int i = 0; i < 3; i++) {
      assertThat(ask(true, false)).isInstanceOf(Told.Answered.class);
    }
    assertThat(rig.holds).isEmpty();
    rig.limits = List.of(tokens(1_400));
    assertThat(ask(true, false)).isInstanceOf(Told.Answered.class);
    first.then((_, _) ->
        new Reply.Answered(TestProvider.answer("long", new Usage(1_100, 0, 0, 50, 0, true))));
    assertThat(ask(true, false)).isInstanceOf(Told.Answered.class);
    assertThat(ask(true, false)).isInstanceOf(Told.Answered.class);
    assertThat(rig.holds).isNotEmpty();
  }

  private static Limit tokens(long most) {
    return new Limit("provider first", Limit.Unit.TOKENS, most, Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_stream_that_breaks_is_charged_what_was_sent_as_it_is_counted(boolean counted) {
    // The vendor never said what went in: the wire counts the bytes of the request.
    first.then((_, sink) -> {
      sink.next(new Delta.Text("one two"));
      Usage unsaid = new Usage(4_200, 0, 0, 2, 0, false);
      return new Reply.Faulted(
          new Fault(
              FaultKind.CONNECTION_BROKEN,
              0,
              "",
              "gone",
              null,
              TestProvider.answer("one two", unsaid)));
    });
    Told told = ask(counted, true);
    Usage charged = rig.ledger.lines.getFirst().settlement().usage();
    assertThat(charged.inputTokens())
        .isBetween(counted ? 1_000L : 3_900L, counted ? 1_250L : 4_200L);
    assertThat(told)
        .as("the caller is told what the ledger is")
        .isInstanceOfSatisfying(
            Told.Failed.class,
            failed -> assertThat(failed.partial()).extracting(Answer::usage).isEqualTo(charged));
  }
}
