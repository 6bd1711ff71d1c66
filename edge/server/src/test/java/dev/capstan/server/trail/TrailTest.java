package dev.capstan.server.trail;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import dev.capstan.journal.Append;
import dev.capstan.journal.Attachment;
import dev.capstan.journal.Failure;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.plan.PlanReader;
import dev.capstan.server.house.JsonLines;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

class TrailTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final RunId RUN = new RunId(77);

  private final MemoryJournal journal = new MemoryJournal();
  private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger runs = (Logger) LoggerFactory.getLogger("dev.capstan.runs");
  private HttpServer receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/v1/traces",
        exchange -> {
          received.add(
              Json.parse(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
    runs.setLevel(Level.DEBUG);
    runs.addAppender(lines);
    lines.start();
  }

  @AfterEach
  void leave() {
    receiver.stop(0);
    runs.detachAppender(lines);
    journal.close();
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + receiver.getAddress().getPort());
  }

  private static Plan plan() {
    String text =
        """
        name: sums
        steps:
          - {id: first, tool: calculator, input: {expression: "1+1"}}
          - {id: second, tool: calculator, input: {expression: "2+2"}, depends_on: [first]}
        """;
    PlanReader reader = new PlanReader(ToolRegistry.of(new Calculator()));
    return ((PlanReader.Read.Valid) reader.read(text)).plan();
  }

  private void append(int seq, Instant at, RunEvent... events) {
    List<Attachment> attachments = new ArrayList<>();
    if (seq == 1) {
      attachments.add(Attachment.of(Json.write(PlanCodec.encode(plan()))));
    }
    journal.append(new Append(RUN, seq, at, List.of(events), attachments)).join();
  }

  private void begin() {
    Attachment plan = Attachment.of(Json.write(PlanCodec.encode(plan())));
    append(
        1,
        NOON,
        new RunEvent.RunCreated(TenantId.LOCAL, 1, null, Json.object(), 0, "req-456", null, null),
        new RunEvent.PlanGenerated(plan.hash(), "given", "sums", 2),
        new RunEvent.ExecutionStart());
    append(
        4,
        NOON.plusMillis(50),
        new RunEvent.StepCompleted(StepRef.parse("first"), 1, NOON.plusMillis(10), Json.object()));
  }

  private List<JsonNode> spans() throws InterruptedException {
    List<JsonNode> spans = new ArrayList<>();
    while (spans.stream().noneMatch(span -> span.path("name").asString().equals("create_run"))) {
      JsonNode document = received.poll(20, TimeUnit.SECONDS);
      assertThat(document).isNotNull();
      document.at("/resourceSpans/0/scopeSpans/0/spans").forEach(spans::add);
    }
    return spans;
  }

  private static JsonNode named(List<JsonNode> spans, String name) {
    return spans.stream()
        .filter(span -> span.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_run_is_drawn_as_one_trace_by_otlp() throws InterruptedException {
    try (Trail trail = Trail.follow(journal, System::nanoTime, address())) {
      begin();
      append(5, NOON.plusMillis(90), new RunEvent.RunCompleted(Map.of(), List.of()));
      List<JsonNode> spans = spans();

      JsonNode root = named(spans, "create_run");
      JsonNode execution = named(spans, "execute_run");
      JsonNode step = named(spans, "execute_step");
      JsonNode tool = named(spans, "calculator.execute");
      assertThat(spans).hasSize(5);
      assertThat(spans)
          .allSatisfy(span ->
              assertThat(span.path("traceId").asString())
                  .hasSize(32)
                  .isEqualTo(root.path("traceId").asString()));
      assertThat(root.has("parentSpanId")).isFalse();
      assertThat(named(spans, "plan_generation").path("parentSpanId"))
          .isEqualTo(root.path("spanId"));
      assertThat(execution.path("parentSpanId")).isEqualTo(root.path("spanId"));
      assertThat(step.path("parentSpanId")).isEqualTo(execution.path("spanId"));
      assertThat(tool.path("parentSpanId")).isEqualTo(step.path("spanId"));
      assertThat(tool.path("startTimeUnixNano").asString()).isEqualTo("1769860800010000000");
      assertThat(tool.path("endTimeUnixNano").asString()).isEqualTo("1769860800050000000");
      assertThat(tool.path("attributes").toString()).contains("correlation_id", "req-456");
      assertThat(trail.dropped()).isZero();
    }
  }

  @Test
  void a_failure_is_an_error_in_its_span() throws InterruptedException {
    try (Trail trail = Trail.follow(journal, System::nanoTime, address())) {
      begin();
      Failure failure = new Failure("tool_failed", "it broke");
      append(
          5,
          NOON.plusMillis(90),
          new RunEvent.StepFailed(StepRef.parse("second"), 1, failure, null),
          new RunEvent.RunFailed(StepRef.parse("second"), failure, List.of(), List.of()));
      List<JsonNode> spans = spans();

      assertThat(named(spans, "create_run").at("/status/code").intValue()).isEqualTo(2);
      assertThat(spans.stream().filter(span -> span.has("status"))).hasSize(4);
      assertThat(trail.dropped()).isZero();
    }
  }

  @Test
  void log_lines_carry_the_fields_by_which_one_searches() {
    Trail trail = Trail.follow(journal, System::nanoTime, null);
    begin();
    append(5, NOON.plusMillis(90), new RunEvent.RunCompleted(Map.of(), List.of()));
    trail.close();

    JsonLines layout = new JsonLines();
    JsonNode step =
        Json.parse(new String(layout.encode(lines.list.getFirst()), StandardCharsets.UTF_8));
    assertThat(step.path("message").asString()).isEqualTo("step completed");
    assertThat(step.path("level").asString()).isEqualTo("DEBUG");
    assertThat(step.path("run_id").asString()).isEqualTo(RUN.toString());
    assertThat(step.path("correlation_id").asString()).isEqualTo("req-456");
    assertThat(step.path("step_number").intValue()).isEqualTo(1);
    assertThat(step.path("tool").asString()).isEqualTo("calculator");
    assertThat(step.path("duration_ms").intValue()).isEqualTo(40);
    JsonNode end =
        Json.parse(new String(layout.encode(lines.list.getLast()), StandardCharsets.UTF_8));
    assertThat(end.path("message").asString()).isEqualTo("run completed");
    assertThat(end.path("duration_ms").intValue()).isEqualTo(90);
    assertThat(received).isEmpty();
  }
}
