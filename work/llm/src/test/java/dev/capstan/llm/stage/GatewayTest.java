package dev.capstan.llm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.Hold;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Told;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.Settlement.How;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.limit.Limit;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class GatewayTest {
  private static final Fault DOWN = Fault.of(FaultKind.SERVER_ERROR, "down");

  private final TestProvider first = new TestProvider("first");
  private final TestProvider second = new TestProvider("second");
  private final GatewayRig rig = new GatewayRig(first, second);

  private static Told.Answered answered(Told told) {
    return (Told.Answered) told;
  }

  private static Told.Failed failed(Told told) {
    return (Told.Failed) told;
  }

  private static ModelCall until(ModelCall call, Instant deadline) {
    return new ModelCall(
        call.origin(),
        call.model(),
        call.messages(),
        call.tools(),
        call.sampling(),
        call.format(),
        call.stream(),
        call.cacheable(),
        call.budgets(),
        deadline);
  }

  @Test
  void an_answer_costs_what_the_vendor_says_and_nothing_stays_reserved() {
    Told told = rig.ask(false);
    assertThat(answered(told).provider()).isEqualTo("first");
    assertThat(told.cost()).isEqualTo(GatewayRig.ANSWER);
    assertThat(rig.ledger.lines.getFirst().claim().most()).isEqualTo(GatewayRig.MOST);
    assertThat(rig.ledger.open()).isZero();
  }

  @Test
  void the_output_is_always_bounded() {
    var _ = rig.ask(false);
    assertThat(first.calls.getFirst().sampling().maxOutputTokens())
        .isEqualTo(GatewayRig.OUTPUT_BOUND);
    ModelCall call = rig.call(false);
    ModelCall greedy =
        new ModelCall(
            call.origin(),
            call.model(),
            call.messages(),
            call.tools(),
            Sampling.DEFAULT.withMaxOutputTokens(1_000_000),
            call.format(),
            false,
            false,
            List.of(),
            call.deadline());
    var _ = rig.ask(greedy);
    assertThat(first.calls.get(1).sampling().maxOutputTokens()).isEqualTo(200);
  }

  @Test
  void an_unknown_model_is_told_with_what_was_meant() {
    ModelCall call = rig.call(false);
    ModelCall typo =
        new ModelCall(
            call.origin(),
            "smrt",
            call.messages(),
            call.tools(),
            call.sampling(),
            call.format(),
            false,
            false,
            List.of(),
            call.deadline());
    assertThat(failed(rig.ask(typo)).problem().detail())
        .isEqualTo("there is no model 'smrt'; did you mean 'smart'?");
  }

  @Test
  void what_does_not_fit_the_budget_is_never_asked() {
    Account account = new Account(Account.Scope.RUN, "run_1", "");
    rig.budgets = List.of(new Budget(account, Money.dollars("0.05")));
    Told.Failed told = failed(rig.ask(false));
    assertThat(told.problem().code()).isEqualTo(ProblemCode.LIMIT_REACHED);
    assertThat(told.problem().detail())
        .isEqualTo(
            "the call may cost up to 0.22 dollars, which the budget of run run_1 does not allow:"
                + " of 0.05 dollars 0 are spent and 0 reserved");
    assertThat(first.calls).isEmpty();
    assertThat(rig.declined).containsExactly("first budget");
  }

  @Test
  void the_end_of_a_budget_is_spent_on_a_shorter_answer() {
    Account account = new Account(Account.Scope.RUN, "run_1", "");
    rig.budgets = List.of(new Budget(account, Money.dollars("0.1")));
    assertThat(answered(rig.ask(false)).provider()).isEqualTo("first");
    // Of 0.1 dollars the question may take 0.02, and each token of the answer takes 0.002.
    assertThat(first.calls.getFirst().sampling().maxOutputTokens()).isEqualTo(40);
    assertThat(rig.ledger.lines.getFirst().claim().most()).isEqualTo(Money.dollars("0.1"));
  }

  @Test
  void a_model_whose_price_nobody_knows_is_never_asked() {
    rig.priced = false;
    Told.Failed told = failed(rig.ask(false));
    assertThat(told.problem().code()).isEqualTo(ProblemCode.INVALID_REQUEST);
    assertThat(first.calls).isEmpty();
    assertThat(second.calls).isEmpty();
  }

  @Test
  void a_vendor_that_bills_beyond_its_word_is_booked_in_full_and_remembered() {
    Usage large = new Usage(10, 0, 0, 5_000, 0, true);
    first.then((_, _) -> new Reply.Answered(TestProvider.answer("long", large)));
    assertThat(rig.ask(false).cost()).isEqualTo(GatewayRig.PRICE.of(large));
    assertThat(rig.exceeded).isEqualTo(1);
  }

  @Test
  void five_failures_open_the_breaker_and_then_nobody_waits_for_the_broken_one() {
    rig.retries =
        new Retries(0, Duration.ofSeconds(1), Duration.ofSeconds(60), false, Duration.ZERO);
    for (int i = 0; i < 5; i++) {
      first.fails(DOWN);
    }
    for (int i = 0; i < 8; i++) {
      assertThat(answered(rig.ask(false)).provider()).isEqualTo("second");
    }
    assertThat(first.calls).hasSize(5);
    rig.time.advance(Duration.ofSeconds(60), () -> {});
    assertThat(answered(rig.ask(false)).provider()).isEqualTo("first");
  }

  @Test
  void what_happened_again_and_again_is_told_once() {
    TestProvider only = new TestProvider("only").fails(DOWN).fails(DOWN).fails(DOWN);
    Told.Failed told = failed(new GatewayRig(only).ask(false));
    assertThat(told.tries()).hasSize(3);
    assertThat(told.problem().detail())
        .isEqualTo("only: " + DOWN.kind().wireName() + ", " + DOWN.detail() + " (3 times)");
  }

  @Test
  void when_all_breakers_are_open_it_is_said_when_one_lets_somebody_try() {
    TestProvider only = new TestProvider("only").fails(Fault.of(FaultKind.BILLING, "unpaid"));
    GatewayRig alone = new GatewayRig(only);
    var _ = alone.ask(false);
    Told.Failed told = failed(alone.ask(false));
    assertThat(told.problem().code()).isEqualTo(ProblemCode.CIRCUIT_OPEN);
    assertThat(told.retryAfter()).isEqualTo(Duration.ofSeconds(60));
    assertThat(only.calls).hasSize(1);
  }

  @Test
  void a_vendor_that_asked_to_be_left_alone_is_left_alone_by_all_calls() {
    first.fails(
        new Fault(FaultKind.RATE_LIMITED, 429, "", "slow down", Duration.ofSeconds(30), null));
    var _ = rig.ask(false);
    assertThat(answered(rig.ask(false)).provider()).isEqualTo("second");
    assertThat(first.calls).hasSize(1);
    rig.time.advance(Duration.ofSeconds(30), () -> {});
    assertThat(answered(rig.ask(false)).provider()).isEqualTo("first");
  }

  @Test
  void a_call_waits_for_a_limit_and_says_so() {
    rig.limits =
        List.of(new Limit("provider first", Limit.Unit.REQUESTS, 1, Duration.ofSeconds(3)));
    var _ = rig.ask(false);
    assertThat(rig.ask(false)).isInstanceOf(Told.Answered.class);
    assertThat(rig.holds)
        .singleElement()
        .satisfies(hold ->
            assertThat(((Hold.ForLimit) hold).what())
                .isEqualTo("provider first requests/PT3S, free at 12:00:03"));
  }

  @Test
  void a_deadline_that_comes_before_the_limit_is_free_is_told_at_once() {
    rig.limits =
        List.of(new Limit("provider first", Limit.Unit.REQUESTS, 1, Duration.ofMinutes(10)));
    var _ = rig.ask(false);
    Told.Failed told = failed(rig.ask(false));
    assertThat(told.problem().code()).isEqualTo(ProblemCode.TOO_MANY_REQUESTS);
    assertThat(told.retryAfter()).isEqualTo(Duration.ofMinutes(10));
    assertThat(rig.ledger.open()).isZero();
  }

  @Test
  void nobody_is_given_more_time_than_the_deadline_leaves() {
    Told told = rig.ask(until(rig.call(false), rig.time.instant().plusSeconds(7)));
    assertThat(told).isInstanceOf(Told.Answered.class);
    assertThat(first.calls.getFirst().timeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(failed(rig.ask(until(rig.call(false), rig.time.instant()))).problem().code())
        .isEqualTo(ProblemCode.TIMED_OUT);
  }

  @Test
  void a_provider_that_does_not_come_back_is_interrupted_and_charged_at_its_bound()
      throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    first.then((_, _) -> {
      asked.countDown();
      new CountDownLatch(1).await();
      throw new IllegalStateException("never");
    });
    FutureTask<Told> asking =
        new FutureTask<>(() -> rig.gateway().ask(rig.call(false), _ -> {}, _ -> {}));
    Thread.ofVirtual().start(asking);
    asked.await();
    rig.time.advance(Duration.ofSeconds(31), () -> {});
    Told told = asking.get();
    assertThat(answered(told).provider()).isEqualTo("second");
    assertThat(told.tries().getFirst().fault().kind()).isEqualTo(FaultKind.TIMED_OUT);
    assertThat(told.cost()).isEqualTo(GatewayRig.MOST.plus(GatewayRig.ANSWER));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_interrupt_ends_the_call_and_settles_it(boolean thinks) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    first.then((_, sink) -> {
      if (thinks) {
        sink.thinks();
      }
      sink.next(new Delta.Text("abc"));
      asked.countDown();
      new CountDownLatch(1).await();
      throw new IllegalStateException("never");
    });
    FutureTask<Told> asking =
        new FutureTask<>(() -> rig.gateway().ask(rig.call(true), _ -> {}, _ -> {}));
    Thread thread = Thread.ofVirtual().start(asking);
    asked.await();
    thread.interrupt();
    assertThatThrownBy(asking::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(rig.ledger.open()).isZero();
    var line = rig.ledger.lines.getFirst();
    assertThat(line.settlement().how()).isEqualTo(How.RECEIVED);
    assertThat(line.settlement().usage().outputTokens())
        .as("what was thought may be as much as there is room for")
        .isEqualTo(thinks ? GatewayRig.OUTPUT_BOUND : 3);
    assertThat(rig.called.getFirst().status()).isEqualTo("cancelled");
  }

  @Test
  void a_sink_that_breaks_ends_the_call_and_pays_for_what_it_was_given() {
    assertThatThrownBy(() ->
            rig.ask(
                rig.call(true),
                _ -> {
                  throw new IllegalArgumentException("the reader went away");
                }))
        .hasStackTraceContaining("the reader went away");
    assertThat(rig.ledger.open()).isZero();
    assertThat(rig.ledger.lines.getFirst().settlement().how()).isEqualTo(How.RECEIVED);
    assertThat(second.calls).isEmpty();
  }

  @Test
  void the_same_question_is_answered_from_the_cache_and_costs_nothing() {
    rig.cacheLife = Duration.ofMinutes(5);
    var _ = rig.ask(false);
    Told told = rig.ask(true);
    assertThat(answered(told).cached()).isTrue();
    assertThat(told.cost()).isEqualTo(Money.ZERO);
    assertThat(rig.seen).containsExactly(new Delta.Text("hello from first"));
    assertThat(first.calls).hasSize(1);
    assertThat(rig.cached).containsExactly(false, true);
    rig.time.advance(Duration.ofMinutes(5), () -> {});
    assertThat(answered(rig.ask(false)).cached()).isFalse();
  }

  @Test
  void the_same_question_at_once_is_asked_once() throws Exception {
    rig.cacheLife = Duration.ofMinutes(5);
    CountDownLatch go = new CountDownLatch(1);
    first.then((_, _) -> {
      go.await();
      return new Reply.Answered(TestProvider.answer("slow", TestProvider.USAGE));
    });
    List<Told> told = askAtOnce(10, go);
    assertThat(first.calls).hasSize(1);
    assertThat(told).allMatch(each -> each instanceof Told.Answered);
    assertThat(told.stream().filter(each -> answered(each).cached())).hasSize(9);
    assertThat(rig.ledger.lines).hasSize(1);
  }

  @Test
  void a_failure_is_not_given_to_those_who_wait_but_the_next_one_asks() throws Exception {
    rig.cacheLife = Duration.ofMinutes(5);
    CountDownLatch go = new CountDownLatch(1);
    first.then((_, _) -> {
      go.await();
      return new Reply.Faulted(Fault.of(FaultKind.CONTENT_REFUSED, "no"));
    });
    List<Told> told = askAtOnce(10, go);
    assertThat(first.calls).hasSize(2);
    assertThat(told.stream().filter(each -> each instanceof Told.Failed)).hasSize(1);
  }

  /** Opens the latch when all but one of them wait for the one that asks. */
  private List<Told> askAtOnce(int callers, CountDownLatch go) throws Exception {
    // Made before they come: they are to meet at one.
    ModelGateway gateway = rig.gateway();
    CountDownLatch waiting = new CountDownLatch(callers - 1);
    List<FutureTask<Told>> asking = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      asking.add(
          new FutureTask<>(() ->
              gateway.ask(
                  rig.call(false),
                  _ -> {},
                  hold -> {
                    if (hold instanceof Hold.ForSameQuestion) {
                      waiting.countDown();
                    }
                  })));
      Thread.ofVirtual().start(asking.getLast());
    }
    waiting.await();
    go.countDown();
    List<Told> told = new ArrayList<>();
    for (FutureTask<Told> one : asking) {
      told.add(one.get());
    }
    return told;
  }
}
