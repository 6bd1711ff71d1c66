package dev.capstan.server.crews;

import dev.capstan.agents.crew.CrewReader;
import dev.capstan.kernel.Mistake;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One file on the shelf, as it was when it was last read.
 *
 * @param id as {@code agent:clerk}; that of the last good reading when it is broken now
 * @param plan of the last good reading; null when it never was good
 * @param mistakes of the last reading
 */
record CrewFile(
    Path path, Stamp stamp, @Nullable String id, @Nullable Plan plan, List<Mistake> mistakes) {
  private static final int LARGEST = 1024 * 1024;
  private static final String NAME = "[A-Za-z0-9_-]{1,80}";

  /** What changes when somebody writes the file, or puts another in its place. */
  record Stamp(FileTime written, long size, @Nullable Object key) {
    static Stamp of(Path path) throws IOException {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
    }
  }

  /**
   * Reads the file, unless it is as it was.
   *
   * @param before how it was; null when it is new
   */
  static CrewFile read(Path path, CrewReader reader, @Nullable CrewFile before) {
    Stamp stamp;
    try {
      stamp = Stamp.of(path);
      if (before != null && before.stamp().equals(stamp)) {
        return before;
      }
      return read(path, stamp, reader, before);
    } catch (CharacterCodingException broken) {
      return broken(path, before, "is no UTF-8 text");
    } catch (IOException unreadable) {
      return broken(path, before, "cannot be read: " + unreadable.getMessage());
    }
  }

  private static CrewFile read(Path path, Stamp stamp, CrewReader reader, @Nullable CrewFile before)
      throws IOException {
    String stem = stem(path);
    if (!stem.matches(NAME)) {
      return wrong(path, stamp, before, "is no name: use up to 80 letters, digits, _ and -");
    }
    if (stamp.size() > LARGEST) {
      return wrong(path, stamp, before, "is larger than " + LARGEST + " bytes");
    }
    String text = Files.readString(path);
    return switch (reader.read(text, stem)) {
      case PlanReader.Read.Valid valid -> {
        String id = (CrewReader.isAgent(text) ? "agent:" : "crew:") + stem;
        yield new CrewFile(path, stamp, id, valid.plan(), List.of());
      }
      case PlanReader.Read.Invalid invalid ->
          broken(
              path,
              stamp,
              before,
              invalid.mistakes().stream().map(found -> placed(path, found)).toList());
    };
  }

  private static String stem(Path path) {
    return path.getFileName().toString().replaceFirst("\\.[a-z]+$", "");
  }

  /** It is looked at again next time. */
  private static CrewFile broken(Path path, @Nullable CrewFile before, String what) {
    return wrong(path, new Stamp(FileTime.fromMillis(0), -1, null), before, what);
  }

  private static CrewFile wrong(Path path, Stamp stamp, @Nullable CrewFile before, String what) {
    return broken(path, stamp, before, List.of(Mistake.at(path.toString(), what)));
  }

  private static CrewFile broken(
      Path path, Stamp stamp, @Nullable CrewFile before, List<Mistake> mistakes) {
    return before == null
        ? new CrewFile(path, stamp, null, null, mistakes)
        : new CrewFile(path, stamp, before.id(), before.plan(), mistakes);
  }

  private static Mistake placed(Path file, Mistake found) {
    return new Mistake(
        found.path().isEmpty() ? file.toString() : file + " " + found.path(),
        found.line(),
        found.column(),
        found.message(),
        found.suggestion());
  }

  /** Whether this is meant: by what it is, or, when it never was good, by its name. */
  boolean isCalled(String name) {
    return id == null
        ? name.equals("agent:" + stem(path)) || name.equals("crew:" + stem(path))
        : id.equals(name);
  }

  boolean tellsTheSameAs(@Nullable CrewFile before) {
    return before != null && Objects.equals(before.mistakes(), mistakes);
  }
}
