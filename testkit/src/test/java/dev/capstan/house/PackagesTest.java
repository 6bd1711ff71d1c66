package dev.capstan.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PackagesTest {
  /** How many public types a room's root package may show; raising a figure is a decision. */
  private static final int WIDEST_FACE = 20;

  @Test
  void every_package_of_the_product_is_null_marked() {
    var unmarked =
        House.javaFiles().stream()
            .filter(file -> file.toString().contains("/src/main/java/"))
            .map(Path::getParent)
            .distinct()
            .filter(folder -> !isNullMarked(folder.resolve("package-info.java")))
            .map(House::shown);
    assertThat(unmarked).isEmpty();
  }

  private static boolean isNullMarked(Path card) {
    return Files.exists(card) && House.read(card).contains("@NullMarked");
  }

  @Test
  void a_room_shows_a_small_face() {
    Map<String, Long> faces =
        House.classes().stream()
            .filter(type -> type.getPackageName().matches("dev\\.capstan\\.[a-z]+"))
            .filter(type -> type.isTopLevelClass())
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
    assertThat(faces.values()).as("%s", faces).allMatch(count -> count <= WIDEST_FACE);
    assertThat(faces).as("the class files were found").containsKey("dev.capstan.kernel");
  }
}
