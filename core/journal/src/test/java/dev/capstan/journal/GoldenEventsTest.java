package dev.capstan.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every event as it stands in journals that exist: what is written today, and what was ever
 * written, must go on to be read.
 */
class GoldenEventsTest {
  private static final Instant AT = Instant.parse("2026-11-21T12:00:00.123456Z");
  private static final StepRef STEP = StepRef.of("deploy");
  private static final StepRef ITEM = new StepRef("deploy", 3);
  private static final Failure FAILURE = new Failure("tool_failed", "no route to host");
  private static final RunId RUN = RunId.parse("run_01k2m3n4p5q6r");

  private static Map<String, RunEvent> events() {
    List<RunEvent> all =
        List.of(
            new RunEvent.RunCreated(
                TenantId.LOCAL,
                7,
                "what is 2 + 3?",
                Json.object().put("target", "blue"),
                5,
                "req-456",
                new RunEvent.Parent(RUN, ITEM, 2),
                new RunEvent.Origin(RUN, "deploy")),
            new RunEvent.PlanGenerated("KioTU_6Nn6OaX-zy_25Xcw", "pattern", "calculate", 3),
            new RunEvent.ExecutionStart(),
            new RunEvent.RunClaimed(8),
            new RunEvent.StepStarted(STEP, 1),
            new RunEvent.StepCompleted(ITEM, 2, AT, Json.object().put("result", 5)),
            new RunEvent.StepCheckpointed(ITEM, 2, "turn-1", Json.object().put("text", "hello")),
            new RunEvent.StepFailed(STEP, 1, FAILURE, AT),
            new RunEvent.StepCancelled(STEP, 1),
            new RunEvent.StepSkipped(STEP, RunEvent.SkipReason.UPSTREAM_FAILED),
            new RunEvent.StepExpanded(STEP, 10_000),
            new RunEvent.StepWaiting(
                STEP, new Awaited.Child(RUN, 2, AT, Json.object().put("n", 1))),
            new RunEvent.StepUnknown(STEP, 1, null),
            new RunEvent.StepResolved(STEP, RunEvent.Resolution.COMPLETE, Json.text("done"), "ada"),
            new RunEvent.ApprovalGiven(STEP, true, "ada", "looks good"),
            new RunEvent.SignalReceived("go", Json.number(1), "ada"),
            new RunEvent.RunPaused("ada", "lunch"),
            new RunEvent.RunResumed("ada"),
            new RunEvent.CancelRequested("ada", "wrong target"),
            new RunEvent.DeadlinePassed(),
            new RunEvent.OutputsFailed(FAILURE),
            new RunEvent.CompensationStarted(List.of(ITEM, STEP)),
            new RunEvent.CompensationAttempted(STEP, 1),
            new RunEvent.StepCompensated(STEP, 1),
            new RunEvent.CompensationFailed(STEP, 1, FAILURE, AT),
            new RunEvent.RunCompleted(
                Map.of("url", Json.text("https://example.org")), List.of(STEP)),
            new RunEvent.RunFailed(STEP, FAILURE, List.of(ITEM), List.of(STEP)),
            new RunEvent.RunCancelled("ada", List.of(ITEM), List.of(STEP)));
    Map<String, RunEvent> byName = new LinkedHashMap<>();
    all.forEach(event -> byName.put(EventCodec.wireName(event), event));
    return byName;
  }

  @Test
  void every_kind_of_event_has_its_golden_file() {
    assertThat(events().keySet()).containsExactlyInAnyOrderElementsOf(EventCodec.wireNames());
  }

  @TestFactory
  Stream<DynamicTest> events_are_written_as_ever_and_read_as_ever() {
    List<DynamicTest> tests = new ArrayList<>();
    events()
        .forEach((name, event) ->
            tests.add(
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      String golden = golden(name);
                      assertThat(EventCodec.encode(event)).isEqualTo(golden);
                      assertThat(EventCodec.decode(name, golden)).isEqualTo(event);
                      assertThat(
                              EventCodec.decode(
                                  name,
                                  "{\"of_a_newer_capstan\":[1],"
                                      + golden.substring(1).replaceFirst("^}", "\"x\":0}")))
                          .as("what it does not know is skipped")
                          .isEqualTo(event);
                    })));
    return tests.stream();
  }

  @Test
  void the_other_things_to_wait_for_have_their_wire_forms_too() {
    assertThat(Json.write(new Awaited.Time(AT)))
        .isEqualTo("{\"kind\":\"time\",\"until\":\"2026-11-21T12:00:00.123456Z\"}");
    assertThat(Json.write(new Awaited.Approval("ok?", null)))
        .isEqualTo("{\"kind\":\"approval\",\"message\":\"ok?\"}");
    assertThat(Json.write(new Awaited.Signal("go", null)))
        .isEqualTo("{\"kind\":\"signal\",\"name\":\"go\"}");
  }

  @Test
  void a_step_may_ask_about_something_within_it() {
    RunEvent asks =
        new RunEvent.StepUnknown(STEP, 1, new RunEvent.Question("2/resolved", "http {}"));
    String golden =
        "{\"step\":\"deploy\",\"attempt\":1,\"question\":{\"key\":\"2/resolved\",\"call\":\"http {}\"}}";
    assertThat(EventCodec.encode(asks)).isEqualTo(golden);
    assertThat(EventCodec.decode("step_unknown", golden)).isEqualTo(asks);
  }

  private static String golden(String name) throws IOException {
    try (InputStream file =
        GoldenEventsTest.class.getResourceAsStream("/events/" + name + ".json")) {
      if (file == null) {
        throw new AssertionError(
            "no golden file events/"
                + name
                + ".json; today's form is "
                + EventCodec.encode(events().get(name)));
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
