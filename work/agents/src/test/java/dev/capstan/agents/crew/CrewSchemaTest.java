package dev.capstan.agents.crew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import dev.capstan.tools.SchemaCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is published for editors and models says the same as the reader. */
class CrewSchemaTest {
  private static final SchemaCheck SCHEMA = SchemaCheck.of(CrewSchema.document());

  private static JsonNode document(String text) {
    JsonNode root = Document.read(text, new Findings()).root();
    if (root == null) {
      throw new AssertionError(text);
    }
    return root;
  }

  @Test
  void the_example_and_the_test_s_crew_fit() throws Exception {
    assertThat(SCHEMA.mistakes(document(CrewReaderTest.CREW))).isEmpty();
    Path example = Path.of(System.getProperty("user.dir"), "../../examples/crew.yaml");
    assertThat(SCHEMA.mistakes(document(Files.readString(example)))).isEmpty();
    assertThat(SCHEMA.mistakes(document("{role: clerk, goal: order}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{role: clerk}",
        "{agents: {a: {role: r, goal: g}}}",
        "{agents: {}, tasks: {t: {description: d}}}",
        "{agents: {a: {role: r, goal: g, llm: m}}, tasks: {t: {description: d}}}",
        "{agents: {a: {role: r, goal: g}}, tasks: [{description: d}]}",
        "{agents: {a: {role: r, goal: g}}, tasks: {t: {description: d, async: maybe}}}",
        "{agents: {a: {role: r, goal: g, limits: {max_turns: 0}}}, tasks: {t: {description: d}}}"
      })
  void obvious_mistakes_fit_neither_the_schema_nor_the_reader(String crew) {
    assertThat(SCHEMA.mistakes(document(crew))).isNotEmpty();
    assertThat(CrewRig.read(crew)).isInstanceOf(dev.capstan.plan.PlanReader.Read.Invalid.class);
  }
}
