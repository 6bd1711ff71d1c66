package dev.capstan.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SizesTest {
  @Test
  void files_and_methods_are_short_and_take_little() {
    Map<String, String> sources =
        House.javaFiles().stream().collect(Collectors.toMap(House::shown, House::read));
    assertThat(sources).hasSizeGreaterThan(500);
    assertThat(Sizes.breaches(sources)).isEmpty();
  }

  @Test
  void a_long_file_is_found() {
    String text = "class Long {\n" + "  int a;\n".repeat(399) + "}\n";
    assertThat(Sizes.breaches(Map.of("Long", text)))
        .containsExactly("Long has 401 lines: a noun is missing");
  }

  @Test
  void a_long_method_is_found() {
    String text = "class Long {\n  void go() {\n" + "    ;\n".repeat(60) + "  }\n}\n";
    assertThat(Sizes.breaches(Map.of("Long", text))).containsExactly("Long:2 go has 62 lines");
  }

  @Test
  void a_constructor_train_is_found_and_a_record_is_none() {
    String six = "(int a, int b, int c, int d, int e, int f)";
    assertThat(Sizes.breaches(Map.of("Train", "class Train { Train" + six + " {} }")))
        .containsExactly("Train:1 <init> takes 6 parameters");
    assertThat(Sizes.breaches(Map.of("Train", "record Train" + six + " {}"))).isEmpty();
  }
}
