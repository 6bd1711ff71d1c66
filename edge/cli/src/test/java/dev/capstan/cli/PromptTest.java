package dev.capstan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.cli.terminal.Screen;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int answer(String... arguments) {
    // Nobody listens at port 1.
    return Prompt.answer(
        arguments,
        new Surroundings(
            Map.of("CAPSTAN_URL", "http://127.0.0.1:1", "HOME", "/nonexistent"),
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Screen.PIPE,
            Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneId.of("UTC")),
            ZoneId.of("UTC"),
            text -> {}));
  }

  @Test
  void help_names_every_verb_and_every_exit_code() {
    assertThat(answer("--help")).isZero();
    String help = out.toString(StandardCharsets.UTF_8);
    for (String verb : Verbs.names()) {
      assertThat(help).contains(verb.replaceFirst("plan (check|draw)", "plan check|draw"));
    }
    for (String code : new String[] {"0", "1", "2", "3", "4", "5", "6", "7", "70"}) {
      assertThat(help).containsPattern("(?m)(^| )" + code + " +[a-z]");
    }
  }

  @Test
  void every_verb_explains_itself() {
    for (String verb : Verbs.names()) {
      assertThat(answer((verb + " --help").split(" "))).as(verb).isZero();
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("capstan fork", "--from", "--json");
  }

  @Test
  void a_server_that_is_down_is_said_with_the_way_out() {
    assertThat(answer("status")).isEqualTo(7);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("not reachable", "./capstan up");
  }

  @Test
  void a_verb_that_is_none_is_met_with_the_nearest() {
    assertThat(answer("aprove")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("did you mean 'approve'?");
  }

  @Test
  void a_missing_argument_is_named() {
    assertThat(answer("fork", "last")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("--from", "capstan fork --help");
  }

  @Test
  void a_plan_file_that_is_not_there_is_said_before_anything_is_sent() {
    assertThat(answer("run", "no-such.yaml")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is no file no-such.yaml");
  }

  @Test
  void inputs_do_not_go_with_a_prompt() {
    assertThat(answer("run", "add", "2", "and", "3")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("quote a prompt of several words");
  }

  @Test
  void the_doctor_examines_without_a_server() {
    assertThat(answer("doctor", "--json")).isIn(0, 6);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"subject\":\"JDK\"", "\"remedy\"");
  }
}
