package dev.capstan.llm.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.llm.Told;
import dev.capstan.llm.budget.Settlement.How;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault, in every phase, at every place of a route, streamed or not, with every kind of
 * advice when to come back. What is expected is worked out here from the words of the documents,
 * not from the table that the gateway goes by.
 */
@Timeout(30)
class FailoverMatrixTest {
  enum Phase {
    BEFORE_THE_FIRST_TOKEN,
    AFTER_SOME_TOKENS
  }

  /** Where the faulty provider stands. */
  enum Place {
    ALONE,
    FIRST_OF_TWO,
    LAST_OF_TWO
  }

  enum Advice {
    NONE,
    SOON,
    LATE,
    TOO_LATE
  }

  /** How long the fault lasts. */
  enum Spell {
    ONCE,
    FOR_EVER
  }

  record Cell(
      FaultKind kind, Phase phase, Place place, boolean stream, Advice advice, Spell spell) {}

  static Stream<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (FaultKind kind : FaultKind.values()) {
      for (Phase phase : Phase.values()) {
        for (Place place : Place.values()) {
          for (boolean stream : new boolean[] {false, true}) {
            for (Advice advice : Advice.values()) {
              for (Spell spell : Spell.values()) {
                if (stream || phase == Phase.BEFORE_THE_FIRST_TOKEN) {
                  cells.add(new Cell(kind, phase, place, stream, advice, spell));
                }
              }
            }
          }
        }
      }
    }
    return cells.stream();
  }

  private static final Set<FaultKind> CALLERS =
      EnumSet.of(FaultKind.TOO_LONG, FaultKind.CALLERS_MISTAKE, FaultKind.CONTENT_REFUSED);
  private static final Set<FaultKind> NEVER_AGAIN =
      EnumSet.of(FaultKind.BILLING, FaultKind.AUTHENTICATION, FaultKind.NO_SUCH_MODEL);
  private static final Set<FaultKind> MAY_BE_BILLED =
      EnumSet.of(FaultKind.CONNECTION_BROKEN, FaultKind.TIMED_OUT, FaultKind.MALFORMED);
  private static final int RETRIES = 2;
  private static final AtomicInteger RIGHT = new AtomicInteger();

  @ParameterizedTest
  @MethodSource("cells")
  void each_cell_has_the_right_action(Cell cell) {
    TestProvider faulty = new TestProvider("faulty");
    TestProvider other = new TestProvider("other");
    Fault fault = new Fault(cell.kind(), 0, "", "a fault", after(cell.advice()), null);
    for (int i = 0; i < (cell.spell() == Spell.ONCE ? 1 : 20); i++) {
      var _ =
          cell.phase() == Phase.BEFORE_THE_FIRST_TOKEN
              ? faulty.fails(fault)
              : faulty.breaksAfterTwo(fault);
    }
    GatewayRig rig =
        switch (cell.place()) {
          case ALONE -> new GatewayRig(faulty);
          case FIRST_OF_TWO -> new GatewayRig(faulty, other);
          case LAST_OF_TWO -> new GatewayRig(other, faulty);
        };
    if (cell.place() == Place.LAST_OF_TWO) {
      other.fails(Fault.of(FaultKind.NO_SUCH_MODEL, "not here"));
    }
    Told told = rig.ask(cell.stream());

    int asked = expectedAttempts(cell);
    assertThat(faulty.calls).as("attempts at the faulty one").hasSize(asked);
    boolean recovers = asked > faults(cell, asked);
    boolean answered = recovers || goesElsewhere(cell);
    assertThat(told).isInstanceOf(answered ? Told.Answered.class : Told.Failed.class);
    checkCharges(cell, rig, told, faults(cell, asked), answered);
    checkTelling(cell, rig, told, answered);
    checkBreaker(cell, rig);
    RIGHT.incrementAndGet();
  }

  @AfterAll
  static void print() {
    System.out.println(
        "figure: "
            + RIGHT
            + " cells of fault, phase, place, advice and spell have the right action");
  }

  private static @Nullable Duration after(Advice advice) {
    return switch (advice) {
      case NONE -> null;
      case SOON -> Duration.ofMillis(800);
      case LATE -> Duration.ofSeconds(20);
      case TOO_LATE -> Duration.ofMinutes(10);
    };
  }

  private static boolean mayBeAskedAgain(Cell cell) {
    return !CALLERS.contains(cell.kind())
        && !NEVER_AGAIN.contains(cell.kind())
        && cell.phase() == Phase.BEFORE_THE_FIRST_TOKEN;
  }

  private static int expectedAttempts(Cell cell) {
    if (!mayBeAskedAgain(cell) || cell.advice() == Advice.TOO_LATE) {
      return 1;
    }
    int lasting = cell.spell() == Spell.ONCE ? 2 : 1 + RETRIES;
    if (cell.place() != Place.FIRST_OF_TWO) {
      return lasting;
    }
    // Another one is left: no long pause, and no second time-out.
    if (cell.kind() == FaultKind.TIMED_OUT || cell.advice() == Advice.LATE) {
      return 1;
    }
    // Without advice, the second pause is two seconds, and longer than a fail-over waits.
    return cell.advice() == Advice.NONE ? 2 : lasting;
  }

  private static int faults(Cell cell, int asked) {
    return cell.spell() == Spell.ONCE ? 1 : asked;
  }

  private static boolean goesElsewhere(Cell cell) {
    return cell.place() == Place.FIRST_OF_TWO
        && cell.phase() == Phase.BEFORE_THE_FIRST_TOKEN
        && !CALLERS.contains(cell.kind());
  }

  private static void checkCharges(
      Cell cell, GatewayRig rig, Told told, int faults, boolean answered) {
    Money perFault;
    How how;
    if (cell.phase() == Phase.AFTER_SOME_TOKENS) {
      perFault = Money.dollars("0.014"); // 10 in and the 2 that were delivered
      how = How.RECEIVED;
    } else if (MAY_BE_BILLED.contains(cell.kind())) {
      perFault = GatewayRig.MOST;
      how = How.UNKNOWN;
    } else {
      perFault = Money.ZERO;
      how = How.NOTHING;
    }
    Money expected = perFault.times(faults).plus(answered ? GatewayRig.ANSWER : Money.ZERO);
    assertThat(told.cost()).isEqualTo(expected);
    assertThat(rig.ledger.open()).as("reservations that are left open").isZero();
    assertThat(
            rig.ledger.lines.stream()
                .map(line -> line.settlement().cost())
                .reduce(Money.ZERO, Money::plus))
        .isEqualTo(expected);
    assertThat(
            rig.ledger.lines.stream()
                .filter(line -> line.claim().provider().equals("faulty"))
                .limit(faults))
        .allMatch(line -> line.settlement().how() == how);
    assertThat(told.tries()).hasSize(rig.ledger.lines.size());
    assertThat(rig.called).hasSize(rig.ledger.lines.size());
  }

  /** Before the first token a fail-over is invisible; after it nothing is spliced. */
  private static void checkTelling(Cell cell, GatewayRig rig, Told told, boolean answered) {
    if (told instanceof Told.Failed failed) {
      assertThat(failed.problem().code()).isEqualTo(cell.kind().problem());
      assertThat(failed.partial() != null).isEqualTo(cell.phase() == Phase.AFTER_SOME_TOKENS);
      assertThat(failed.retryAfter() != null)
          .as("it is said when to come back")
          .isEqualTo(cell.advice() != Advice.NONE || isUnpaid(cell));
    }
    int whole = answered ? 1 : 0;
    int pieces = cell.phase() == Phase.AFTER_SOME_TOKENS ? 2 : cell.stream() ? whole : 0;
    assertThat(rig.seen).hasSize(pieces);
  }

  private static boolean isUnpaid(Cell cell) {
    return cell.kind() == FaultKind.BILLING || cell.kind() == FaultKind.AUTHENTICATION;
  }

  private static void checkBreaker(Cell cell, GatewayRig rig) {
    int index = cell.place() == Place.LAST_OF_TWO ? 1 : 0;
    boolean open = rig.targets.get(index).health().shutUntil(rig.time.instant()) != null;
    assertThat(open).as("the breaker is open").isEqualTo(isUnpaid(cell));
  }
}
