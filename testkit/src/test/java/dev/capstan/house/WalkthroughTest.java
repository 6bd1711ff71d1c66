package dev.capstan.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WalkthroughTest {
  private static final Pattern NAME =
      Pattern.compile("`([A-Z][A-Za-z]*[a-z][A-Za-z]*)(\\.[a-zA-Z]+)?`");
  private static final Pattern DECLARED =
      Pattern.compile("(?:class|interface|record|enum) +([A-Z][A-Za-z]+)");

  @Test
  void every_type_that_a_walkthrough_names_is_a_type_of_the_house() {
    Set<String> types =
        House.javaFiles().stream()
            .flatMap(file -> DECLARED.matcher(House.read(file)).results())
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    List<Path> pages =
        House.pages().stream().filter(page -> page.toString().contains("/walkthroughs/")).toList();
    assertThat(pages).isNotEmpty();
    for (Path page : pages) {
      assertThat(unknown(House.read(page), types)).as(House.shown(page)).isEmpty();
    }
  }

  @Test
  void a_type_that_is_gone_is_found() {
    assertThat(unknown("`Engine.submit` calls `Gone`", Set.of("Engine"))).containsExactly("Gone");
  }

  private static List<String> unknown(String text, Set<String> types) {
    return NAME.matcher(text)
        .results()
        .map(found -> found.group(1))
        .filter(name -> !types.contains(name))
        .distinct()
        .toList();
  }
}
