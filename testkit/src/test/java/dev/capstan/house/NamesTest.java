package dev.capstan.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @Test
  void types_are_named_after_what_they_are() {
    assertThat(Names.breaches(House.classes())).isEmpty();
    assertThat(Names.breaches(House.testClasses())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RunManager",
        "JsonUtils",
        "RunImpl",
        "BaseStep",
        "AbstractTool",
        "CommonWords",
        "RunInfo",
        "RunData",
        "IJournal",
        "Helper"
      })
  void a_drawer_is_found(String name) {
    String qualified = "dev.capstan.kernel." + name;
    var planted =
        Planted.classes(qualified, "package dev.capstan.kernel; interface " + name + " {}");
    assertThat(Names.breaches(planted)).containsExactly(qualified);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Based", "Idle", "InputSpec", "Committee", "Database", "Metadata"})
  void a_noun_that_only_looks_like_one_is_not(String name) {
    var planted =
        Planted.classes(
            "dev.capstan.kernel." + name, "package dev.capstan.kernel; class " + name + " {}");
    assertThat(Names.breaches(planted)).isEmpty();
  }
}
