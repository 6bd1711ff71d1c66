package dev.capstan.llm.limit;

import java.util.List;

/** The pass of a call that went through its gates. */
final class Ticket implements Limiter.Pass {
  private final Turnstile turnstile;
  private final List<Gate> passed;
  private final List<Room.Place> places;
  private boolean over;

  Ticket(Turnstile turnstile, List<Gate> passed, List<Room.Place> places) {
    this.turnstile = turnstile;
    this.passed = passed;
    this.places = places;
  }

  @Override
  public void used(long tokens) {
    turnstile.change(
        passed,
        now -> {
          for (int i = 0; i < passed.size(); i++) {
            if (passed.get(i).limit.unit() == Limit.Unit.TOKENS) {
              places.get(i).used(tokens, now);
            }
          }
        });
  }

  @Override
  public void unused() {
    turnstile.change(
        passed,
        now -> {
          for (int i = 0; i < passed.size(); i++) {
            if (!over && passed.get(i).limit.unit() != Limit.Unit.CONCURRENT) {
              places.get(i).used(0, now);
            }
          }
          end(now);
        });
  }

  @Override
  public void close() {
    turnstile.change(passed, this::end);
  }

  private void end(long now) {
    if (!over) {
      over = true;
      for (int i = 0; i < passed.size(); i++) {
        passed.get(i).open--;
        places.get(i).left(now);
      }
    }
  }
}
