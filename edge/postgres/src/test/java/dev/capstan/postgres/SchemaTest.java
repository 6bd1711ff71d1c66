package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaTest {
  @Test
  void the_newest_migration_is_the_one_that_a_start_looks_for() throws Exception {
    Path migrations = Path.of(SchemaTest.class.getResource("/db/migration").toURI());
    try (Stream<Path> files = Files.list(migrations)) {
      int newest =
          files
              .map(file -> file.getFileName().toString())
              .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
              .max()
              .orElseThrow();
      assertThat(Schema.NEWEST).isEqualTo(Integer.toString(newest));
    }
  }

  @Test
  void addresses_of_both_kinds_are_read_and_no_password_is_shown() {
    DatabaseAddress address =
        DatabaseAddress.parse("postgres://ada:s%3Acret+1@db.example:5433/capstan?sslmode=require");
    assertThat(address.url())
        .isEqualTo("jdbc:postgresql://db.example:5433/capstan?sslmode=require");
    assertThat(address.user()).isEqualTo("ada");
    assertThat(address.password()).isEqualTo("s:cret+1");
    assertThat(address.toString()).doesNotContain("cret");
    assertThat(DatabaseAddress.parse("jdbc:postgresql://h/d?user=u&password=secret").toString())
        .doesNotContain("secret");
  }

  @Test
  void other_addresses_are_refused_without_repeating_them() {
    for (String text : new String[] {"", "mysql://u:secret@h/d", "postgres://u:secret@h", "h/d"}) {
      assertThatThrownBy(() -> DatabaseAddress.parse(text))
          .isInstanceOf(Refusal.class)
          .hasMessageNotContaining("secret");
    }
  }
}
