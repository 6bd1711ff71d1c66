package dev.capstan.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Hidden time and hidden chance: what makes a test flicker and a replay differ. */
final class TimeAndChance {
  /** Who may ask the machine for the time or for chance, and why. Everyone else is handed both. */
  private static final Map<String, String> ALLOWED =
      Map.ofEntries(
          Map.entry("dev.capstan.cli.Main", "the launcher of the command line hands out its clock"),
          Map.entry(
              "dev.capstan.server.CapstanServer", "the launcher of the server hands out its clock"),
          Map.entry("dev.capstan.server.Household", "the composition root hands out dice"),
          Map.entry(
              "dev.capstan.postgres.DurableEngine",
              "puts the engine together for a program that has no composition root of ours"),
          Map.entry(
              "dev.capstan.plan.expression.Budget",
              "bounds how long one expression may take; no decision sees the figure"),
          Map.entry(
              "dev.capstan.postgres.embedded.EmbeddedPostgres",
              "waits for a process of the system, which gives nothing to wait on"),
          Map.entry(
              "dev.capstan.postgres.embedded.Postmaster",
              "waits for a process of the system, which gives nothing to wait on"));

  /** Rooms that measure or show, and are no part of the product. */
  private static final Set<String> OUTSIDE =
      Set.of("bench", "examples", "testkit", "twin", "house");

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.InstantSource.system");

  private static final Set<String> CHANCE =
      Set.of(
          "java.lang.Math.random",
          "java.util.Random.<init>",
          "java.util.SplittableRandom.<init>",
          "java.util.concurrent.ThreadLocalRandom.current",
          "java.util.UUID.randomUUID");

  private static final Set<String> IDLING =
      Set.of(
          "java.lang.Thread.sleep",
          "java.lang.Thread.yield",
          "java.lang.Thread.onSpinWait",
          "java.util.concurrent.TimeUnit.sleep",
          "java.util.concurrent.locks.LockSupport.parkNanos");

  private TimeAndChance() {}

  /** Sentences for every use of a clock, of chance or of idling where it was not handed in. */
  static List<String> breaches(JavaClasses classes) {
    return find(classes, access -> clock(access) || chance(access) || idling(access));
  }

  /** Sentences for every sleep and spin. */
  static List<String> sleeps(JavaClasses classes) {
    return find(classes, TimeAndChance::idling);
  }

  private static List<String> find(
      JavaClasses classes, java.util.function.Predicate<JavaCodeUnitAccess<?>> forbidden) {
    Set<String> found = new TreeSet<>();
    for (JavaClass type : classes) {
      if (!type.getName().startsWith("dev.capstan.")
          || OUTSIDE.contains(FloorPlan.room(type))
          || ALLOWED.containsKey(outermost(type))) {
        continue;
      }
      accesses(type)
          .filter(forbidden)
          .forEach(access ->
              found.add(
                  type.getName() + " uses " + name(access) + " " + access.getSourceCodeLocation()));
    }
    return List.copyOf(found);
  }

  private static Stream<JavaCodeUnitAccess<?>> accesses(JavaClass type) {
    return Stream.concat(
        type.getCodeUnitCallsFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream());
  }

  private static String outermost(JavaClass type) {
    String name = type.getName();
    int dollar = name.indexOf('$');
    return dollar < 0 ? name : name.substring(0, dollar);
  }

  private static String name(JavaCodeUnitAccess<?> access) {
    return access.getTargetOwner().getName() + "." + access.getTarget().getName();
  }

  private static boolean clock(JavaCodeUnitAccess<?> access) {
    // Every now() of java.time that is not asked of a clock that was handed in.
    boolean now =
        access.getTarget().getName().equals("now")
            && access.getTargetOwner().getPackageName().equals("java.time")
            && access.getTarget().getRawParameterTypes().isEmpty();
    return now || CLOCKS.contains(name(access));
  }

  private static boolean chance(JavaCodeUnitAccess<?> access) {
    return CHANCE.contains(name(access));
  }

  private static boolean idling(JavaCodeUnitAccess<?> access) {
    return IDLING.contains(name(access));
  }
}
