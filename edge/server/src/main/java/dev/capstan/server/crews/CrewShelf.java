package dev.capstan.server.crews;

import dev.capstan.agents.crew.CrewReader;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agents and crews in a folder: {@code agent:NAME} and {@code crew:NAME}, by their files'
 * names. Whoever asks for one gets it as its file is now; a file that has been broken since answers
 * as it last was good, and its mistakes are told in the log, once. Of several files of one name the
 * first that had it answers, and the others are mistakes.
 */
public final class CrewShelf {
  private static final Logger LOG = LoggerFactory.getLogger(CrewShelf.class);
  private static final String FILE = ".*\\.(ya?ml|json)";

  private final Path folder;
  private final CrewReader reader;
  private final Map<Path, CrewFile> files = new TreeMap<>();
  private final CrewNames owners = new CrewNames();
  private Map<Path, Mistake> doubles = Map.of();

  private CrewShelf(Path folder, CrewReader reader) {
    this.folder = folder;
    this.reader = reader;
  }

  /**
   * Reads the folder; one that is not there is empty. Throws a {@link Refusal} of {@code
   * invalid_request} with every mistake in every file.
   */
  public static CrewShelf read(Path folder, CrewReader reader) {
    CrewShelf shelf = new CrewShelf(folder, reader);
    List<Mistake> mistakes = new ArrayList<>();
    try {
      shelf.refresh();
    } catch (IOException unreadable) {
      mistakes.add(Mistake.at(folder.toString(), "cannot be read: " + unreadable.getMessage()));
    }
    shelf.files.values().forEach(file -> mistakes.addAll(file.mistakes()));
    mistakes.addAll(shelf.doubles.values());
    if (!mistakes.isEmpty()) {
      throw refused("the agents and crews in " + folder + " have mistakes", mistakes);
    }
    return shelf;
  }

  private static Refusal refused(String what, List<Mistake> mistakes) {
    return Problem.of(ProblemCode.INVALID_REQUEST, what, mistakes).refusal();
  }

  private void refresh() throws IOException {
    List<Path> now = paths();
    files.keySet().retainAll(now);
    for (Path path : now) {
      files.put(path, CrewFile.read(path, reader, files.get(path)));
    }
    doubles = owners.settle(files);
  }

  private List<Path> paths() throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> path.getFileName().toString().matches(FILE)).sorted().toList();
    }
  }

  /** Looks what has changed: a stat for each file. */
  private void look() {
    Map<Path, CrewFile> before = Map.copyOf(files);
    Map<Path, Mistake> known = doubles;
    try {
      refresh();
    } catch (IOException unreadable) {
      LOG.warn("the folder of agents and crews {} cannot be read", folder, unreadable);
      return;
    }
    for (CrewFile file : files.values()) {
      tell(file, before.get(file.path()));
    }
    doubles.forEach((path, mistake) -> {
      if (!mistake.equals(known.get(path))) {
        LOG.warn("{}", mistake);
      }
    });
  }

  private static void tell(CrewFile file, @Nullable CrewFile before) {
    if (!file.mistakes().isEmpty() && !file.tellsTheSameAs(before)) {
      LOG.warn(
          "{} has mistakes{}: {}",
          file.path(),
          file.plan() == null ? "" : "; as it last was good it goes on to answer",
          file.mistakes());
    }
  }

  /** As {@code agent:clerk} or {@code crew:brief}. */
  public synchronized List<String> names() {
    look();
    return files.values().stream()
        .flatMap(file -> Optional.ofNullable(file.id()).stream())
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * The plan of this name; empty when there is none. Throws a {@link Refusal} of {@code
   * invalid_request} with every mistake in its file when that never was good.
   */
  public synchronized Optional<Plan> plan(String name) {
    look();
    List<CrewFile> meant = files.values().stream().filter(file -> file.isCalled(name)).toList();
    Optional<Plan> plan =
        meant.stream()
            .filter(file -> !doubles.containsKey(file.path()))
            .flatMap(file -> Optional.ofNullable(file.plan()).stream())
            .findFirst();
    if (plan.isEmpty() && !meant.isEmpty()) {
      List<Mistake> mistakes = meant.getFirst().mistakes();
      throw refused("the file of '" + name + "' has mistakes: " + mistakes, mistakes);
    }
    return plan;
  }

  /** What is wrong with the files of this name, of which a good reading answers; mostly nothing. */
  public synchronized List<Mistake> mistakes(String name) {
    return files.values().stream()
        .filter(file -> file.isCalled(name))
        .flatMap(file ->
            Stream.concat(file.mistakes().stream(), Stream.ofNullable(doubles.get(file.path()))))
        .toList();
  }

  /** Whether the name is meant for one of these, be it there or not. */
  public static boolean isMeant(String name) {
    return name.startsWith("agent:") || name.startsWith("crew:");
  }
}
