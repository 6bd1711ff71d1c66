package dev.capstan.llm.limit;

/** How many are under way at once. */
final class Occupancy implements Room {
  private long inside;

  @Override
  public boolean fits(long amount, long most, long now) {
    return amount <= most - inside;
  }

  @Override
  public Place take(long amount, long now) {
    inside += amount;
    return new Place() {
      @Override
      public void left(long later) {
        inside -= amount;
      }
    };
  }

  @Override
  public long freeAt(long amount, long most, long now) {
    return fits(amount, most, now) ? now : NEVER;
  }

  @Override
  public boolean isEmpty(long now) {
    return inside == 0;
  }
}
