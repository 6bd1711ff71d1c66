package dev.capstan.engine;

import java.util.function.Consumer;

/** A slot that may be granted before or after its run's first letter, from another thread. */
final class Grant implements Runnable {
  private final Runnable begin;
  private boolean granted;
  private boolean settled;

  /**
   * @param begin what a grant does that comes after the first letter
   */
  Grant(Runnable begin) {
    this.begin = begin;
  }

  @Override
  public void run() {
    boolean late;
    synchronized (this) {
      granted = true;
      late = settled;
    }
    if (late) {
      begin.run();
    }
  }

  /**
   * Has the first letter sent, by whether the slot was granted so far. A grant in this moment waits
   * until it is: its own letter comes behind.
   */
  synchronized void settle(Consumer<Boolean> send) {
    settled = true;
    send.accept(granted);
  }
}
