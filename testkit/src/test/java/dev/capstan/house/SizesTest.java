package dev.capstan.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizesTest {
  @Test
  void files_and_methods_are_short_and_take_little() {
    assertThat(House.javaFiles().stream().flatMap(file -> measured(file).stream())).isEmpty();
  }

  private static List<String> measured(Path file) {
    return Sizes.breaches(
        new Planted.Text("file." + file.getFileName(), House.read(file)), House.shown(file));
  }

  @Test
  void a_long_file_is_found() {
    var text = new Planted.Text("Long", "class Long {\n" + "  int a;\n".repeat(399) + "}\n");
    assertThat(Sizes.breaches(text, "Long"))
        .containsExactly("Long has 401 lines: a noun is missing");
  }

  @Test
  void a_long_method_is_found() {
    var text =
        new Planted.Text(
            "Long", "class Long {\n  void go() {\n" + "    ;\n".repeat(60) + "  }\n}\n");
    assertThat(Sizes.breaches(text, "Long")).containsExactly("Long:2 go has 62 lines");
  }

  @Test
  void a_constructor_train_is_found_and_a_record_is_none() {
    String six = "(int a, int b, int c, int d, int e, int f)";
    assertThat(
            Sizes.breaches(
                new Planted.Text("Train", "class Train { Train" + six + " {} }"), "Train"))
        .containsExactly("Train:1 <init> takes 6 parameters");
    assertThat(Sizes.breaches(new Planted.Text("Train", "record Train" + six + " {}"), "Train"))
        .isEmpty();
  }
}
