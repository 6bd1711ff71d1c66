package dev.capstan.server.crews;

import dev.capstan.agents.crew.CrewReader;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The agents and crews in a folder, read once: {@code agent:NAME} and {@code crew:NAME}, by their
 * files' names.
 */
public final class CrewShelf {
  private static final int LARGEST = 1024 * 1024;
  private static final String NAME = "[A-Za-z0-9_-]{1,80}";
  private static final String FILE = ".*\\.(ya?ml|json)";

  private final Map<String, Plan> plans;

  private CrewShelf(Map<String, Plan> plans) {
    this.plans = plans;
  }

  /**
   * Reads the folder; one that is not there is empty. Throws a {@link dev.capstan.kernel.Refusal}
   * of {@code invalid_request} with every mistake in every file.
   */
  public static CrewShelf read(Path folder, CrewReader reader) {
    Map<String, Plan> plans = new TreeMap<>();
    List<Mistake> mistakes = new ArrayList<>();
    for (Path file : files(folder, mistakes)) {
      String stem = file.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
      if (!stem.matches(NAME)) {
        mistakes.add(
            Mistake.at(file.toString(), "is no name: use up to 80 letters, digits, _ and -"));
        continue;
      }
      text(file, mistakes)
          .ifPresent(text -> {
            switch (reader.read(text, stem)) {
              case PlanReader.Read.Valid valid -> {
                String id = (CrewReader.isAgent(text) ? "agent:" : "crew:") + stem;
                if (plans.putIfAbsent(id, valid.plan()) != null) {
                  mistakes.add(Mistake.at(file.toString(), "is the second that is called " + id));
                }
              }
              case PlanReader.Read.Invalid invalid ->
                  invalid.mistakes().forEach(found -> mistakes.add(placed(file, found)));
            }
          });
    }
    if (!mistakes.isEmpty()) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "the agents and crews in " + folder + " have mistakes",
              mistakes)
          .refusal();
    }
    return new CrewShelf(plans);
  }

  private static List<Path> files(Path folder, List<Mistake> mistakes) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().matches(FILE)).sorted().toList();
    } catch (IOException unreadable) {
      mistakes.add(Mistake.at(folder.toString(), "cannot be read: " + unreadable.getMessage()));
      return List.of();
    }
  }

  private static Optional<String> text(Path file, List<Mistake> mistakes) {
    try {
      if (Files.size(file) <= LARGEST) {
        return Optional.of(Files.readString(file));
      }
      mistakes.add(Mistake.at(file.toString(), "is larger than " + LARGEST + " bytes"));
    } catch (CharacterCodingException broken) {
      mistakes.add(Mistake.at(file.toString(), "is no UTF-8 text"));
    } catch (IOException unreadable) {
      mistakes.add(Mistake.at(file.toString(), "cannot be read: " + unreadable.getMessage()));
    }
    return Optional.empty();
  }

  private static Mistake placed(Path file, Mistake found) {
    return new Mistake(
        found.path().isEmpty() ? file.toString() : file + " " + found.path(),
        found.line(),
        found.column(),
        found.message(),
        found.suggestion());
  }

  /** As {@code agent:clerk} or {@code crew:brief}. */
  public List<String> names() {
    return List.copyOf(plans.keySet());
  }

  public Optional<Plan> plan(String name) {
    return Optional.ofNullable(plans.get(name));
  }

  /** Whether the name is meant for one of these, be it there or not. */
  public static boolean isMeant(String name) {
    return name.startsWith("agent:") || name.startsWith("crew:");
  }
}
