package dev.capstan.engine;

import dev.capstan.kernel.TenantId;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of slots, shared fairly: a free slot goes to the waiting tenant that holds the
 * fewest for its weight, and within a tenant to the highest priority, then to whoever came first.
 * One tenant's hundred thousand do not hold up another's one.
 */
final class FairSlots {
  /** A place in the queue, or a slot held. */
  static final class Ticket implements Comparable<Ticket> {
    private final Queue queue;
    private final int priority;
    private final long order;
    private final Runnable granted;

    private Ticket(Queue queue, int priority, long order, Runnable granted) {
      this.queue = queue;
      this.priority = priority;
      this.order = order;
      this.granted = granted;
    }

    @Override
    public int compareTo(Ticket other) {
      int byPriority = Integer.compare(other.priority, priority);
      return byPriority != 0 ? byPriority : Long.compare(order, other.order);
    }
  }

  private static final class Queue {
    final TenantId tenant;
    final int weight;
    final TreeSet<Ticket> waiting = new TreeSet<>();
    int held;
    long lastServed;

    Queue(TenantId tenant, int weight) {
      this.tenant = tenant;
      this.weight = weight;
    }

    double share() {
      return (double) held / weight;
    }
  }

  private static final Comparator<Queue> NEEDIEST =
      Comparator.comparingDouble(Queue::share)
          .thenComparingLong(queue -> queue.lastServed)
          .thenComparing(queue -> queue.tenant.value());

  private final int limit;
  private final ToIntFunction<TenantId> weights;
  private final Map<TenantId, Queue> queues = new HashMap<>();
  private final TreeSet<Queue> hungry = new TreeSet<>(NEEDIEST);
  private int held;
  private int queued;
  private long clock;
  private CountDownLatch idle = new CountDownLatch(0);

  FairSlots(int limit, ToIntFunction<TenantId> weights) {
    this.limit = limit;
    this.weights = weights;
  }

  /**
   * Asks for a slot; {@code granted} runs once, at once on this thread when one is free. Give it
   * back with {@link #release}.
   */
  Ticket request(TenantId tenant, int priority, Runnable granted) {
    Ticket ticket;
    synchronized (this) {
      Queue queue =
          queues.computeIfAbsent(
              tenant, name -> new Queue(name, Math.max(1, weights.applyAsInt(name))));
      ticket = new Ticket(queue, priority, clock++, granted);
      if (held < limit) {
        hold(queue, 1);
      } else {
        hungry.remove(queue);
        queue.waiting.add(ticket);
        hungry.add(queue);
        queued++;
        return ticket;
      }
    }
    granted.run();
    return ticket;
  }

  private void hold(Queue queue, int change) {
    boolean listed = hungry.remove(queue);
    queue.held += change;
    queue.lastServed = clock++;
    held += change;
    if (held == 0) {
      idle.countDown();
    }
    if (listed && !queue.waiting.isEmpty()) {
      hungry.add(queue);
    }
    if (queue.held == 0 && queue.waiting.isEmpty()) {
      queues.remove(queue.tenant);
    }
  }

  /** Takes a slot although none may be free: for work that was started earlier and goes on. */
  synchronized Ticket force(TenantId tenant) {
    Queue queue =
        queues.computeIfAbsent(
            tenant, name -> new Queue(name, Math.max(1, weights.applyAsInt(name))));
    hold(queue, 1);
    return new Ticket(queue, 0, clock++, () -> {});
  }

  /** Gives a slot back, and with it the neediest its turn. */
  void release(Ticket ticket) {
    Ticket next;
    synchronized (this) {
      hold(ticket.queue, -1);
      next = held < limit ? takeNext() : null;
    }
    if (next != null) {
      next.granted.run();
    }
  }

  private @Nullable Ticket takeNext() {
    Queue queue = hungry.pollFirst();
    if (queue == null) {
      return null;
    }
    Ticket next = queue.waiting.pollFirst();
    queued--;
    if (!queue.waiting.isEmpty()) {
      hungry.add(queue);
    }
    hold(queue, 1);
    return next;
  }

  /** Leaves the queue. False when the slot was granted already. */
  synchronized boolean withdraw(Ticket ticket) {
    Queue queue = ticket.queue;
    if (!queue.waiting.contains(ticket)) {
      return false;
    }
    hungry.remove(queue);
    queue.waiting.remove(ticket);
    queued--;
    if (!queue.waiting.isEmpty()) {
      hungry.add(queue);
    } else if (queue.held == 0) {
      queues.remove(queue.tenant);
    }
    return true;
  }

  /** Waits until no slot is held, at most this long; whether that came to be. */
  boolean awaitIdle(Duration longest) throws InterruptedException {
    CountDownLatch until;
    synchronized (this) {
      until = new CountDownLatch(held == 0 ? 0 : 1);
      idle = until;
    }
    return until.await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many of the same tenant go first; -1 when it is not waiting. */
  synchronized int ahead(Ticket ticket) {
    return ticket.queue.waiting.contains(ticket) ? ticket.queue.waiting.headSet(ticket).size() : -1;
  }

  synchronized int held() {
    return held;
  }

  synchronized int queued() {
    return queued;
  }

  int limit() {
    return limit;
  }
}
