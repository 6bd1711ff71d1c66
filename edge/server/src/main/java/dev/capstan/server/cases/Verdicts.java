package dev.capstan.server.cases;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What judges said of a case's output, in a file beside the case: so that a case that only a model
 * can judge is tried where nobody can be asked.
 */
final class Verdicts {
  static final String FORMAT = "capstan-verdicts/1";

  private record Page(String format, List<Verdict> verdicts) {
    Page {
      verdicts = List.copyOf(verdicts);
    }
  }

  private final Path file;
  private final List<Verdict> known;
  private final List<Verdict> used = new ArrayList<>();

  private Verdicts(Path file, List<Verdict> known) {
    this.file = file;
    this.known = known;
  }

  /**
   * Those that are kept beside this case. Throws a {@link Refusal} when what is there is something
   * else.
   */
  static Verdicts beside(Path found) {
    String name = String.valueOf(found.getFileName()).replaceFirst("\\.(ya?ml|json)$", "");
    Path file = found.resolveSibling(name + ".verdicts.json");
    return new Verdicts(file, Files.exists(file) ? read(file) : List.of());
  }

  private static List<Verdict> read(Path file) {
    try {
      JsonNode page = Json.parse(CaseFiles.text(file));
      if (FORMAT.equals(page.path("format").asString(""))) {
        return Json.parse(Json.write(page), Page.class).verdicts();
      }
    } catch (Refusal broken) {
      throw broken(file, ": " + broken.problem().detail());
    }
    throw broken(file, ", whose format is " + FORMAT);
  }

  private static Refusal broken(Path file, String why) {
    return Problem.of(
            ProblemCode.INVALID_REQUEST,
            file + " does not hold verdicts of judges" + why + "; capstan test --judge writes one")
        .refusal();
  }

  /** What this judge said of this output. */
  Optional<Verdict> of(Assertion.Judged wanted, JsonNode output) {
    Optional<Verdict> found =
        known.stream().filter(verdict -> verdict.isOf(wanted) && verdict.isOn(output)).findFirst();
    found.ifPresent(used::add);
    return found;
  }

  /** Whether this judge was asked about any output. */
  boolean knows(Assertion.Judged wanted) {
    return known.stream().anyMatch(verdict -> verdict.isOf(wanted));
  }

  void add(Verdict verdict) {
    used.add(verdict);
  }

  /** Keeps what was said of the case as it is now, and nothing older. */
  void keep() {
    if (used.isEmpty() || used.equals(known)) {
      return;
    }
    try {
      Path draft = file.resolveSibling("." + file.getFileName() + ".draft");
      String page = Json.pretty(Json.valueOf(new Page(FORMAT, used))) + "\n";
      // Half a pair of surrogates is no UTF-8; a judge may say one, and a reason may be cut there.
      Files.write(draft, page.getBytes(StandardCharsets.UTF_8));
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException unwritable) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST, file + " cannot be written: " + unwritable.getMessage())
          .refusal();
    }
  }
}
