package dev.capstan.llm.stage;

import dev.capstan.kernel.Dice;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Answers, refuses, breaks off and falls silent by dice, and writes a bill of each. */
final class LawlessVendor implements ModelProvider {
  /** The caller hung up. */
  static final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1;

    Gone() {
      super("the caller has gone", null, false, false);
    }
  }

  private final String name;
  private final Bills bills;
  private final long seed;
  private final Queue<GatewayWorld.Event> events;
  private final BooleanSupplier dead;
  private final AtomicInteger asked = new AtomicInteger();

  /**
   * A vendor as one process knows it.
   *
   * @param dead whether that process is dead: then nothing of it arrives any more
   */
  LawlessVendor(String name, GatewayWorld.Ground ground, BooleanSupplier dead) {
    this.name = name;
    this.bills = ground.bills();
    this.seed = ground.seed();
    this.events = ground.events();
    this.dead = dead;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String dialect() {
    return "scripted";
  }

  /** One attempt and its dice. */
  private final class Act {
    final ProviderCall call;
    final DeltaSink sink;
    final int number;
    final int attempt = asked.incrementAndGet();
    final int most;
    final Money bound;
    Money billed = Money.ZERO;
    boolean told;

    Act(ProviderCall call, DeltaSink sink) {
      this.call = call;
      this.sink = sink;
      number =
          call.messages().getFirst() instanceof Message.User user
                  && user.parts().getFirst() instanceof Part.Text text
              ? Integer.parseInt(text.text())
              : -1;
      Integer output = call.sampling().maxOutputTokens();
      most = output == null ? 0 : output;
      bound = GatewayRig.PRICE.atMost(GatewayRig.INPUT_BOUND, most);
    }

    int dice(int purpose, int sides) {
      return (int) (Dice.unit(seed ^ name.hashCode(), 1000L * purpose + number, attempt) * sides);
    }

    /** Every other time what goes in is all that may. */
    Usage usage(int output, boolean reported) {
      int most = (int) GatewayRig.INPUT_BOUND;
      int input = dice(11, 2) == 0 ? most : 1 + dice(3, most);
      return new Usage(input, 0, 0, output, 0, reported);
    }

    /** Every fourth time as much as was asked for. */
    int output(int purpose) {
      return dice(12, 4) == 0 ? most : dice(purpose, most + 1);
    }

    /** Billed, and the one who asked will hear of it. */
    void bills(Usage usage, boolean hears) {
      billed = GatewayRig.PRICE.of(usage);
      told = hears;
    }

    Reply play() throws InterruptedException {
      return switch (dice(1, 12)) {
        case 0 -> refuses(FaultKind.RATE_LIMITED);
        case 1 -> refuses(FaultKind.SERVER_ERROR);
        case 2 -> refuses(FaultKind.OVERLOADED);
        case 3 -> isLost(FaultKind.CONNECTION_BROKEN);
        case 4 -> isLost(dice(4, 2) == 0 ? FaultKind.TIMED_OUT : FaultKind.MALFORMED);
        case 5 -> breaksOff();
        case 6 -> fallsSilent();
        default -> answers();
      };
    }

    private Reply refuses(FaultKind kind) {
      return new Reply.Faulted(Fault.of(kind, "no"));
    }

    /** Perhaps it did the work; nobody was told. */
    private Reply isLost(FaultKind kind) {
      if (dice(5, 2) == 0) {
        bills(usage(output(6), true), false);
      }
      return new Reply.Faulted(Fault.of(kind, "lost"));
    }

    private Reply breaksOff() {
      if (!call.stream()) {
        return isLost(FaultKind.CONNECTION_BROKEN);
      }
      int pieces = Math.min(most, 1 + dice(7, 3));
      for (int i = 1; i <= pieces; i++) {
        bills(usage(i, true), false);
        sink.next(new Delta.Text("x"));
      }
      // The wire counts bytes, whatever the tariff can do.
      Usage counted = new Usage(LawfulTariff.BYTES, 0, 0, pieces, 0, false);
      return new Reply.Faulted(
          new Fault(
              FaultKind.CONNECTION_BROKEN,
              200,
              "",
              "cut",
              null,
              TestProvider.answer("x".repeat(pieces), counted)));
    }

    /** Until its caller loses patience. */
    private Reply fallsSilent() throws InterruptedException {
      if (call.stream() && dice(8, 2) == 0) {
        bills(usage(1, true), false);
        sink.next(new Delta.Text("x"));
      } else {
        bills(usage(output(9), true), false);
      }
      events.add(new GatewayWorld.Silent(Thread.currentThread()));
      new CountDownLatch(1).await();
      throw new AssertionError("nobody calls this latch down");
    }

    private Reply answers() {
      if (call.stream()) {
        // Whoever hangs up now pays for what came.
        bills(usage(1, true), false);
        sink.next(new Delta.Text("x"));
      }
      Usage usage = usage(output(10), true);
      bills(usage, true);
      Answer answer = TestProvider.answer("x", usage);
      return new Reply.Answered(answer);
    }
  }

  @Override
  public Reply call(ProviderCall call, DeltaSink sink) throws InterruptedException {
    if (dead.getAsBoolean()) {
      throw new InterruptedException("killed");
    }
    Act act = new Act(call, sink);
    bills.begins(act.number, act.bound);
    try {
      return act.play();
    } finally {
      bills.ends(act.number, act.bound, new Bills.Bill(act.billed, act.told));
    }
  }
}
