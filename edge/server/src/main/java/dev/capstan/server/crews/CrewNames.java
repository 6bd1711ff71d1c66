package dev.capstan.server.crews;

import dev.capstan.kernel.Mistake;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose each name is when several files are called so ({@code clerk.yaml}, {@code clerk.json}): it
 * belongs to the file that had it first, as long as that is there, so that nobody's agent is
 * another one from one question to the next because a file came.
 */
final class CrewNames {
  private final Map<String, Path> owners = new HashMap<>();

  /** Gives the names anew, and says what is wrong with each file that does not get its own. */
  Map<Path, Mistake> settle(Map<Path, CrewFile> files) {
    owners.entrySet().removeIf(name -> !isCalled(files.get(name.getValue()), name.getKey()));
    Map<Path, Mistake> doubles = new TreeMap<>();
    files.forEach((path, file) -> {
      String id = file.id();
      if (id != null) {
        Path owner = owners.computeIfAbsent(id, free -> path);
        if (!owner.equals(path)) {
          doubles.put(path, Mistake.at(path.toString(), taken(id, owner)));
        }
      }
    });
    return doubles;
  }

  private static boolean isCalled(@Nullable CrewFile file, String name) {
    return file != null && name.equals(file.id());
  }

  private static String taken(String id, Path owner) {
    return "is called " + id + ", which is the name of " + owner + ": rename one of them";
  }
}
