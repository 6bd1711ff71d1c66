package dev.capstan.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.wire.Bounds;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.twin.Bill;
import dev.capstan.twin.VendorTwin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every fault × every vendor × whole or streamed: the right kind, the right phase, and an end. */
class FaultMatrixIT {
  private static final Bounds SMALL = new Bounds(1024 * 1024, 256 * 1024, 64 * 1024);
  private static final int AT_ONCE = 24;

  private final VendorTwin twin = VendorTwin.start();
  private final Wire wire = Vendor.wire();

  @AfterEach
  void close() {
    wire.close();
    twin.close();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void every_fault_is_told_by_its_kind_and_phase_and_no_call_hangs() throws Exception {
    List<Cell> cells = Cell.all();
    List<Callable<@Nullable String>> trials = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      String model = "cell-" + i;
      twin.script().on(model, cell.scene());
      trials.add(() -> wrong(cell, model));
    }
    List<String> wrong = new ArrayList<>();
    long begun = System.nanoTime();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      for (Future<@Nullable String> trial : pool.invokeAll(trials)) {
        if (trial.get() != null) {
          wrong.add(trial.get());
        }
      }
    }
    assertThat(wrong).as("of %s cells", cells.size()).isEmpty();
    assertThat(cells).hasSizeGreaterThanOrEqualTo(300);
    System.out.printf(
        "figure: %d cells of faults in %d ms%n",
        cells.size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  /** What is wrong with how this cell ends; null when nothing is. */
  private @Nullable String wrong(Cell cell, String model) throws InterruptedException {
    ProviderCall call = Vendor.ask(model, cell.stream(), Message.User.says("What now?"));
    if (cell.stalls()) {
      call = Vendor.hurried(call, Duration.ofSeconds(20), Duration.ofMillis(700));
    } else if (cell.isEndless()) {
      call = Vendor.hurried(call, Duration.ofMillis(900), Duration.ofSeconds(20));
    }
    Reply reply = cell.vendor().at(twin, wire, SMALL).call(call, DeltaSink.NOBODY);
    if (!(reply instanceof Reply.Faulted(Fault fault))) {
      return cell + " was answered: " + reply;
    }
    if (!cell.kinds().contains(fault.kind())) {
      return cell + " should be " + cell.kinds() + " and is " + fault;
    }
    boolean some = fault.afterFirstToken();
    if (cell.part() == (some ? Cell.Part.NONE : Cell.Part.SOME)) {
      return cell + (some ? " should not" : " should") + " have a part: " + fault;
    }
    if (fault.toString().contains("PLANTED")) {
      return cell + " tells the key: " + fault;
    }
    return cell.exact() ? underpaid(cell, model, fault) : null;
  }

  /** A part of an answer is never counted at less than what the vendor bills for it. */
  private @Nullable String underpaid(Cell cell, String model, Fault fault) {
    Bill.Line billed = twin.bill().byModel().get(model);
    if (fault.partial() == null || billed == null) {
      return null;
    }
    Usage counted = fault.partial().usage();
    boolean enough =
        counted.inputTokens() >= billed.input() && counted.outputTokens() >= billed.output();
    return enough ? null : cell + " counts " + counted + " of " + billed;
  }
}
