package dev.capstan.llm.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Random schedules by seed, over every account at once: whatever happens, in whatever order, no
 * budget is passed, nothing is left on hold, nobody is left waiting, and the books agree.
 */
class LedgerLaws {
  private static final int SCHEDULES = Boolean.getBoolean("capstan.long") ? 1_000_000 : 20_000;

  @Test
  void whatever_happens_no_budget_is_passed_and_the_books_agree() {
    long admitted = 0;
    long refused = 0;
    long wrongly = 0;
    for (int seed = 1; seed <= SCHEDULES; seed++) {
      SmallWorld world = new SmallWorld(seed, false);
      try {
        world.live(80);
        world.end();
      } catch (RuntimeException | AssertionError broken) {
        throw new AssertionError("seed " + seed, broken);
      }
      admitted += world.admitted;
      refused += world.refused;
      wrongly += world.refusedThoughAffordable;
    }
    System.out.printf(
        "figure: %d schedules, %d calls admitted, %d refused, %d of them though affordable%n",
        SCHEDULES, admitted, refused, wrongly);
    assertThat(wrongly * 50)
        .as("refused though affordable")
        .isLessThanOrEqualTo(admitted + refused);
  }

  @Test
  void a_vendor_that_bills_beyond_its_bound_is_booked_in_full_and_breaks_nothing_else() {
    for (int seed = 1; seed <= SCHEDULES / 10; seed++) {
      SmallWorld world = new SmallWorld(-seed, true);
      try {
        world.live(80);
        world.end();
      } catch (RuntimeException | AssertionError broken) {
        throw new AssertionError("seed " + seed, broken);
      }
    }
  }
}
