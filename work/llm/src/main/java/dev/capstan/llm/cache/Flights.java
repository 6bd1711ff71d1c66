package dev.capstan.llm.cache;

import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.chat.Answer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Has the same question asked once at a time. Whoever asks it meanwhile waits for the answer; when
 * there is none, the next of them asks.
 */
public final class Flights {
  private record Key(TenantId tenant, Fingerprint question) {}

  private static final class Passenger {
    final Semaphore signal = new Semaphore(0);
    @Nullable Answer answer;
    boolean flies;
  }

  private final Timers timers;
  private final Map<Key, ArrayDeque<Passenger>> flights = new HashMap<>();

  public Flights(Timers timers) {
    this.timers = timers;
  }

  /** What came of wanting to ask. */
  public sealed interface Boarding {
    /** Ask, and then say so with {@link #landed}, whatever happens. */
    record Fly() implements Boarding {}

    record Given(Answer answer) implements Boarding {}

    record TooLate() implements Boarding {}
  }

  /**
   * Flies when nobody does; otherwise waits until the one who does has landed. {@code waiting} is
   * run before a wait.
   */
  public Boarding board(TenantId tenant, Fingerprint question, Instant until, Runnable waiting)
      throws InterruptedException {
    Key key = new Key(tenant, question);
    Passenger passenger = new Passenger();
    synchronized (this) {
      ArrayDeque<Passenger> others = flights.get(key);
      if (others == null) {
        flights.put(key, new ArrayDeque<>());
        return new Boarding.Fly();
      }
      others.add(passenger);
    }
    Timers.Alarm end = timers.at(until, () -> giveUp(key, passenger));
    try {
      waiting.run();
      passenger.signal.acquire();
    } catch (InterruptedException cancelled) {
      leave(key, passenger);
      throw cancelled;
    } finally {
      end.callOff();
    }
    synchronized (this) {
      Answer answer = passenger.answer;
      return answer != null
          ? new Boarding.Given(answer)
          : passenger.flies ? new Boarding.Fly() : new Boarding.TooLate();
    }
  }

  /** The flight is over: with an answer for all who wait, or none and the next one flies. */
  public synchronized void landed(TenantId tenant, Fingerprint question, @Nullable Answer answer) {
    Key key = new Key(tenant, question);
    ArrayDeque<Passenger> others = flights.get(key);
    if (others == null) {
      return;
    }
    if (answer == null && !others.isEmpty()) {
      Passenger next = others.removeFirst();
      next.flies = true;
      next.signal.release();
      return;
    }
    flights.remove(key);
    for (Passenger other : others) {
      other.answer = answer;
      other.signal.release();
    }
  }

  private synchronized void giveUp(Key key, Passenger passenger) {
    ArrayDeque<Passenger> others = flights.get(key);
    if (others != null && others.remove(passenger)) {
      passenger.signal.release();
    }
  }

  private synchronized void leave(Key key, Passenger passenger) {
    ArrayDeque<Passenger> others = flights.get(key);
    if (others != null) {
      others.remove(passenger);
    }
    if (passenger.flies) {
      landed(key.tenant(), key.question(), null);
    }
  }
}
