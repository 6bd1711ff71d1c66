package dev.capstan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanSchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(PlanSchema.document());

  @Test
  void generated_plans_and_the_example_fit() {
    for (int seed = 0; seed < 200; seed++) {
      var document = PlanCodec.encode(new RandomPlans(seed).plan());
      assertThat(SCHEMA.validate(document)).as(document.toString()).isEmpty();
    }
    Findings findings = new Findings();
    assertThat(SCHEMA.validate(Document.read(PlanReaderTest.RELEASE, findings).root())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"steps\": [{\"id\": \"a\", \"signal\": \"s\"}]}",
        "{\"name\": \"x\", \"steps\": []}",
        "{\"name\": \"x\", \"steps\": [{\"id\": \"a\"}]}",
        "{\"name\": \"x\", \"steps\": [{\"id\": \"a\", \"tool\": \"t\", \"wait\": 1}]}",
        "{\"name\": \"x\", \"steps\": [{\"id\": \"a b\", \"tool\": \"t\"}]}",
        "{\"name\": \"x\", \"steps\": [{\"id\": \"a\", \"tool\": \"t\", \"tiemout\": 1}]}",
        "{\"name\": \"x\", \"steps\": [{\"id\": \"a\", \"tool\": \"t\", \"timeout\": \"soon\"}]}",
        "{\"name\": \"x\", \"steps\": [{\"id\": \"a\", \"tool\": \"t\", \"retry\": 5000}]}",
        "{\"name\": \"x\", \"inputs\": {\"a\": \"text\"}, \"steps\": [{\"id\": \"a\", \"tool\":"
            + " \"t\"}]}"
      })
  void obvious_mistakes_do_not_fit(String document) {
    assertThat(SCHEMA.validate(Json.parse(document))).isNotEmpty();
  }
}
