package dev.capstan.llm.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Breaker;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Secret;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ClockTimers;
import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Origin;
import dev.capstan.llm.Told;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.BudgetEvent;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.MemoryVault;
import dev.capstan.llm.cache.AnswerStore;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.limit.MemoryLimiter;
import dev.capstan.llm.price.Bounds;
import dev.capstan.llm.price.PriceTable;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.anthropic.Anthropic;
import dev.capstan.llm.provider.gemini.Gemini;
import dev.capstan.llm.provider.openai.OpenAi;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Endpoint;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.llm.provider.wire.WireProvider;
import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Mishap.Garble;
import dev.capstan.twin.Mishap.How;
import dev.capstan.twin.Mishap.Where;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Over the wire: what happens at the first vendor, whatever protocol it speaks, and what follows.
 */
@Timeout(60)
class WireFailoverIT {
  /** What the caller is to see of a mishap at the first vendor. */
  enum Follows {
    /** The second one's answer, and nothing of the first. */
    SECOND_ANSWERS,
    /** The fault, at once. */
    TOLD,
    /** In a stream, a part and an explicit end; otherwise the second one's answer. */
    BREAKS_OFF_IN_A_STREAM
  }

  record Cell(String vendor, String mishap, boolean stream) {}

  private static final Map<String, Dialect> DIALECTS = new LinkedHashMap<>();
  private static final Map<String, Mishap> MISHAPS = new LinkedHashMap<>();
  private static final Map<String, Follows> FOLLOWS = new LinkedHashMap<>();
  private static final String TEXT = "The quick brown fox jumps over the lazy dog, twelve times.";

  static {
    DIALECTS.put("openai", OpenAi.chat());
    DIALECTS.put("compatible", OpenAi.compatible());
    DIALECTS.put("responses", OpenAi.responses());
    DIALECTS.put("anthropic", Anthropic.messages());
    DIALECTS.put("gemini", Gemini.generateContent());
    Follows second = Follows.SECOND_ANSWERS;
    put("stalls before the first byte", Mishap.breaks(Where.BEFORE_HEADERS, How.STALL), second);
    put("stalls after the headers", Mishap.breaks(Where.AFTER_HEADERS, How.STALL), second);
    put("cut before the answer", Mishap.breaks(Where.BEFORE_HEADERS, How.CUT), second);
    put("reset before the answer", Mishap.breaks(Where.BEFORE_HEADERS, How.RESET), second);
    put("429, come back in a second", limited(), second);
    put("429", Mishap.denies(Denial.RATE_LIMIT), second);
    put("500", Mishap.denies(Denial.SERVER_ERROR), second);
    put("502", Mishap.denies(Denial.BAD_GATEWAY), second);
    put("overloaded", Mishap.denies(Denial.OVERLOADED), second);
    put("401", Mishap.denies(Denial.BAD_KEY), second);
    put("no credit", Mishap.denies(Denial.NO_CREDIT), second);
    put("unknown model", Mishap.denies(Denial.UNKNOWN_MODEL), second);
    put("a page of HTML", Mishap.garbles(Garble.WRONG_CONTENT_TYPE), second);
    put("an empty body", Mishap.garbles(Garble.EMPTY_BODY), second);
    put("bad request", Mishap.denies(Denial.BAD_REQUEST), Follows.TOLD);
    put("too long", Mishap.denies(Denial.TOO_LONG), Follows.TOLD);
    Follows breaks = Follows.BREAKS_OFF_IN_A_STREAM;
    put("cut half-way", Mishap.breaks(Where.MIDWAY, How.CUT), breaks);
    put("reset half-way", Mishap.breaks(Where.MIDWAY, How.RESET), breaks);
    put("stalls half-way", Mishap.breaks(Where.MIDWAY, How.STALL), breaks);
    put("malformed", Mishap.garbles(Garble.MALFORMED_JSON), breaks);
  }

  private static Mishap limited() {
    return Mishap.denies(Denial.RATE_LIMIT, Mishap.Form.SECONDS, Duration.ofSeconds(1));
  }

  private static void put(String name, Mishap mishap, Follows follows) {
    MISHAPS.put(name, mishap);
    FOLLOWS.put(name, follows);
  }

  static Stream<Cell> cells() {
    return DIALECTS.keySet().stream()
        .flatMap(vendor ->
            MISHAPS.keySet().stream()
                .flatMap(mishap ->
                    Stream.of(new Cell(vendor, mishap, false), new Cell(vendor, mishap, true))));
  }

  private static final AtomicInteger RIGHT = new AtomicInteger();
  private static final InstantSource CLOCK = InstantSource.system();
  private static VendorTwin twin;
  private static Wire wire;
  private static Timers timers;

  @BeforeAll
  static void open() {
    twin = VendorTwin.start();
    wire = Wire.open(Duration.ofSeconds(5), CLOCK, System::nanoTime);
    timers = ClockTimers.start(CLOCK);
  }

  @AfterAll
  static void close() {
    System.out.println(
        "figure: "
            + RIGHT
            + " cells over the wire of API form, mishap and stream end as they should");
    timers.close();
    wire.close();
    twin.close();
  }

  private static Target target(String place, String vendor) {
    String version = vendor.equals("gemini") ? "/v1beta" : "/v1";
    ModelProvider provider =
        new WireProvider(
            wire,
            Endpoint.of(place, twin.url(place) + version, Secret.of("sk-planted")),
            DIALECTS.get(vendor));
    return new Target(
        provider,
        "m",
        Duration.ofSeconds(5),
        Duration.ofMillis(400),
        new Target.Health(Breaker.Rules.DEFAULT));
  }

  private static final PriceTable PRICES =
      PriceTable.read("model_costs: {m: {input: 0.001, output: 0.002}}");
  private static final Budget BUDGET =
      new Budget(new Account(Account.Scope.TENANT, "local", ""), Money.dollars("100"));

  @ParameterizedTest
  @MethodSource("cells")
  void each_cell_ends_as_it_should(Cell cell) throws Exception {
    String first = "first-" + Integer.toHexString(cell.hashCode());
    String second = "second-" + Integer.toHexString(cell.hashCode());
    twin.script().on(first, Scene.says(TEXT).but(MISHAPS.get(cell.mishap())));
    twin.script().on(second, Scene.says("I am the second."));
    Retries retries =
        new Retries(1, Duration.ofMillis(5), Duration.ofMillis(10), false, Duration.ofMillis(100));
    Route route =
        new Route(
            "smart",
            List.of(target(first, cell.vendor()), target(second, "openai")),
            retries,
            100,
            100,
            Duration.ZERO,
            Duration.ofSeconds(1));
    List<Delta> seen = new ArrayList<>();
    try (EscrowLedger ledger =
        EscrowLedger.open(
            new MemoryVault(CLOCK, Duration.ofSeconds(30)),
            1,
            new EscrowLedger.Surroundings(CLOCK, System::nanoTime, BudgetEvent.Listener.NOBODY))) {
      GatewayParts parts =
          new GatewayParts(
              ledger,
              new MemoryLimiter(timers, CLOCK),
              AnswerStore.NONE,
              new TableTariff(PRICES, new Bounds()),
              Rules.NONE,
              Meter.NONE,
              timers,
              CLOCK,
              System::nanoTime,
              7);
      Told told =
          new ModelGateway(Map.of("smart", route), parts).ask(call(cell), seen::add, _ -> {});
      Follows follows = follows(cell, told);
      check(cell, follows, told, seen);
      boolean asked = twin.asks().stream().anyMatch(ask -> ask.place().equals(second));
      assertThat(asked).isEqualTo(follows == Follows.SECOND_ANSWERS);
      RIGHT.incrementAndGet();
    }
  }

  private static ModelCall call(Cell cell) {
    return new ModelCall(
        Origin.of(TenantId.LOCAL),
        "smart",
        List.of(Message.User.says("hello")),
        List.of(),
        Sampling.DEFAULT,
        new AnswerFormat.FreeText(),
        cell.stream(),
        false,
        List.of(BUDGET),
        CLOCK.instant().plusSeconds(20));
  }

  /** A reset may take back what was sent and not read yet: then nothing of the first was seen. */
  private static Follows follows(Cell cell, Told told) {
    Follows follows = FOLLOWS.get(cell.mishap());
    boolean tookAllBack = cell.mishap().startsWith("reset") && told instanceof Told.Answered;
    return follows == Follows.BREAKS_OFF_IN_A_STREAM && (!cell.stream() || tookAllBack)
        ? Follows.SECOND_ANSWERS
        : follows;
  }

  private static void check(Cell cell, Follows follows, Told told, List<Delta> seen) {
    switch (follows) {
      case SECOND_ANSWERS -> {
        assertThat(told).isInstanceOf(Told.Answered.class);
        assertThat(((Told.Answered) told).answer().message().text()).isEqualTo("I am the second.");
        assertThat(text(seen)).isEqualTo(cell.stream() ? "I am the second." : "");
      }
      case TOLD -> {
        assertThat(told).isInstanceOf(Told.Failed.class);
        assertThat(told.cost()).isEqualTo(Money.ZERO);
        assertThat(seen).isEmpty();
      }
      case BREAKS_OFF_IN_A_STREAM -> {
        Told.Failed failed = (Told.Failed) told;
        assertThat(failed.problem().detail()).startsWith("the answer broke off");
        assertThat(failed.partial()).isNotNull();
        assertThat(failed.partial().message().text()).isEqualTo(text(seen)).isNotEmpty();
        assertThat(TEXT).startsWith(text(seen));
        assertThat(told.cost().isPositive()).as("what was delivered is charged").isTrue();
      }
    }
  }

  private static String text(List<Delta> seen) {
    StringBuilder text = new StringBuilder();
    for (Delta delta : seen) {
      if (delta instanceof Delta.Text piece) {
        text.append(piece.text());
      }
    }
    return text.toString();
  }
}
