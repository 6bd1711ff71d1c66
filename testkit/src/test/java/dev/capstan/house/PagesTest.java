package dev.capstan.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern FENCE = Pattern.compile("(?s)```.*?```");

  /** Any address of a place that packages come from: the machine's own settings say where. */
  private static final Pattern REGISTRY =
      Pattern.compile(
          "https?://(repo|registry|packages|mirrors?|proxy|index|artifacts?|deb|security|nexus)[a-z0-9-]*\\.[a-z0-9.-]+");

  @Test
  void every_room_has_a_card() {
    assertThat(
            House.rooms().stream()
                .filter(room -> !Files.exists(room.resolve("README.md")))
                .map(House::shown))
        .isEmpty();
  }

  @Test
  void every_link_between_pages_leads_somewhere() {
    assertThat(House.pages().stream().flatMap(page -> deadLinks(page, House.read(page)))).isEmpty();
  }

  private static Stream<String> deadLinks(Path page, String text) {
    return LINK.matcher(FENCE.matcher(text).replaceAll(""))
        .results()
        .map(found -> found.group(1))
        .filter(target ->
            !target.contains("://") && !target.startsWith("#") && !target.startsWith("mailto:"))
        .map(target -> target.replaceFirst("#.*", ""))
        .filter(target -> !Files.exists(page.resolveSibling(target)))
        .map(target -> House.shown(page) + " links to " + target);
  }

  @Test
  void a_dead_link_is_found() {
    Path page = House.root().resolve("README.md");
    assertThat(deadLinks(page, "see [there](no/such/page.md#place) and [here](mvnw)"))
        .containsExactly("README.md links to no/such/page.md");
  }

  @Test
  void no_registry_is_named() {
    var named =
        House.files(PagesTest::isText).stream()
            .filter(file -> REGISTRY.matcher(House.read(file)).find())
            .map(House::shown);
    assertThat(named).isEmpty();
  }

  @Test
  void a_registry_would_be_found() {
    assertThat(REGISTRY.matcher("see https://" + "repo9.example.org/x").find()).isTrue();
    assertThat(REGISTRY.matcher("see https://example.org/x").find()).isFalse();
  }

  private static boolean isText(Path file) {
    String name = file.getFileName().toString();
    return List.of(".java", ".md", ".xml", ".yaml", ".yml", ".json", ".sh", ".properties", ".sql")
            .stream()
            .anyMatch(name::endsWith)
        || !name.contains(".");
  }
}
