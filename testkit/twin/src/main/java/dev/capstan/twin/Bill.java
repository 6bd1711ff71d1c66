package dev.capstan.twin;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the twin would send at the end of the month: exact tokens by place, key and model. */
public final class Bill {
  /** Who pays for what. */
  public record Account(String place, String key, String model) {}

  /**
   * @param calls that were charged; refused ones are not
   * @param input all that went in, cached and written tokens included
   * @param output all that came out, reasoning included; of a broken stream, what was sent
   */
  public record Line(
      long calls, long input, long cached, long written, long output, long reasoning) {
    static final Line ZERO = new Line(0, 0, 0, 0, 0, 0);

    Line plus(Line more) {
      return new Line(
          calls + more.calls,
          input + more.input,
          cached + more.cached,
          written + more.written,
          output + more.output,
          reasoning + more.reasoning);
    }
  }

  private final Map<Account, Line> lines = new ConcurrentHashMap<>();
  private final LongAdder requests = new LongAdder();

  Bill() {}

  void received() {
    requests.increment();
  }

  void charge(Account account, Line line) {
    lines.merge(account, line, Line::plus);
  }

  /** Every request that reached the twin, refused ones too. */
  public long requests() {
    return requests.sum();
  }

  public Map<Account, Line> lines() {
    return Map.copyOf(lines);
  }

  /** All of it. */
  public Line total() {
    return lines.values().stream().reduce(Line.ZERO, Line::plus);
  }

  /** By model, over all keys and places. */
  public Map<String, Line> byModel() {
    Map<String, Line> byModel = new TreeMap<>();
    lines.forEach((account, line) -> byModel.merge(account.model(), line, Line::plus));
    return byModel;
  }

  /** Begins anew. */
  public void forget() {
    lines.clear();
    requests.reset();
  }
}
