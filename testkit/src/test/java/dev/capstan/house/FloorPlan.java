package dev.capstan.house;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which room may see which: the table of the design, as data. */
final class FloorPlan {
  private static final String HOUSE = "dev.capstan.";
  private static final Set<String> CORE =
      Set.of("kernel", "tenancy", "plan", "journal", "engine", "views");
  private static final Set<String> EVERYTHING =
      Set.of(
          "kernel",
          "tenancy",
          "plan",
          "journal",
          "engine",
          "views",
          "tools",
          "llm",
          "agents",
          "postgres",
          "memory",
          "server",
          "cli");

  private static final Map<String, Set<String>> MAY_SEE =
      Map.ofEntries(
          Map.entry("kernel", Set.of()),
          Map.entry("tenancy", Set.of("kernel")),
          Map.entry("plan", Set.of("kernel")),
          Map.entry("journal", Set.of("kernel", "plan")),
          Map.entry("engine", Set.of("kernel", "tenancy", "plan", "journal")),
          Map.entry("views", Set.of("kernel", "plan", "journal")),
          Map.entry("tools", Set.of("kernel", "tenancy", "plan")),
          Map.entry("llm", Set.of("kernel", "tenancy")),
          Map.entry("agents", Set.of("kernel", "plan", "tools", "llm")),
          // It keeps what ports of the core and of the rooms of work ask for.
          Map.entry("postgres", union(union(CORE, "tools"), "llm")),
          Map.entry("memory", Set.of("kernel", "agents")),
          Map.entry("server", EVERYTHING),
          Map.entry("cli", Set.of("kernel", "plan")),
          Map.entry("examples", EVERYTHING),
          // It stands in for the vendors, and so knows nothing of who asks them.
          Map.entry("twin", Set.of("kernel")),
          Map.entry("bench", union(EVERYTHING, "twin")),
          Map.entry("testkit", union(EVERYTHING, "twin")));

  /** Rooms of work see of the engine only what it asks of a step's worker. */
  private static final Set<String> SEE_THE_STEP_CONTRACT = Set.of("tools", "agents");

  private static final String STEP_CONTRACT = "dev.capstan.engine.step";
  private static final Set<String> STEP_WORDS =
      Set.of("dev.capstan.journal.StepRef", "dev.capstan.journal.Checkpoint");

  private FloorPlan() {}

  private static Set<String> union(Set<String> rooms, String room) {
    Set<String> both = new TreeSet<>(rooms);
    both.add(room);
    return both;
  }

  /**
   * Sentences, one for each sight line that the plan does not have; empty when the house is in
   * order.
   */
  static List<String> breaches(JavaClasses classes) {
    Set<String> found = new TreeSet<>();
    for (JavaClass type : classes) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (!maySee(type, target)) {
          found.add(type.getName() + " must not see " + target.getName());
        }
      }
    }
    return List.copyOf(found);
  }

  private static boolean maySee(JavaClass from, JavaClass to) {
    if (!inTheHouse(from) || !inTheHouse(to)) {
      return true;
    }
    String here = room(from);
    String there = room(to);
    Set<String> seen = MAY_SEE.get(here);
    if (seen == null) {
      return false;
    }
    if (SEE_THE_STEP_CONTRACT.contains(here)
        && (to.getPackageName().equals(STEP_CONTRACT) || STEP_WORDS.contains(to.getName()))) {
      return true;
    }
    return here.equals(there) || seen.contains(there);
  }

  private static boolean inTheHouse(JavaClass type) {
    return type.getPackageName().startsWith(HOUSE);
  }

  static String room(JavaClass type) {
    String rest = type.getPackageName().substring(HOUSE.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  /** Sentences for outside parts used where they have no business. */
  static List<String> strangers(JavaClasses classes) {
    Set<String> found = new TreeSet<>();
    for (JavaClass type : classes) {
      if (!inTheHouse(type)) {
        continue;
      }
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getPackageName() + ".";
        for (Stranger stranger : STRANGERS) {
          if (target.startsWith(stranger.prefix)
              && !stranger.rooms.contains(room(type))
              && !isDemandedByTheJdk(dependency)) {
            found.add(type.getName() + " must not use " + target + " (" + stranger.why + ")");
          }
        }
      }
    }
    return List.copyOf(found);
  }

  /** Whoever implements a DataSource must name the logger that it does not use. */
  private static boolean isDemandedByTheJdk(Dependency dependency) {
    return dependency.getDescription().contains(".getParentLogger()");
  }

  private record Stranger(String prefix, Set<String> rooms, String why) {}

  private static final List<Stranger> STRANGERS =
      List.of(
          new Stranger("org.springframework.", Set.of("server"), "Spring lives in edge/server"),
          new Stranger("jakarta.", Set.of("server"), "servlets live in edge/server"),
          new Stranger(
              "java.sql.",
              Set.of("postgres", "bench", "examples", "testkit"),
              "SQL lives in edge/postgres"),
          new Stranger(
              "javax.sql.",
              Set.of("postgres", "bench", "examples", "testkit", "server"),
              "SQL lives in edge/postgres"),
          new Stranger(
              "org.postgresql.",
              Set.of("postgres", "bench", "examples", "testkit"),
              "SQL lives in edge/postgres"),
          new Stranger(
              "com.zaxxer.",
              Set.of("postgres", "bench", "examples", "testkit"),
              "SQL lives in edge/postgres"),
          new Stranger("org.flywaydb.", Set.of("postgres"), "migrations live in edge/postgres"),
          new Stranger("org.apache.lucene.", Set.of("memory"), "indexes live in edge/memory"),
          new Stranger("ai.onnxruntime.", Set.of("memory"), "models in here live in edge/memory"),
          new Stranger("picocli.", Set.of("cli"), "the prompt lives in edge/cli"),
          new Stranger("com.dashjoin.", Set.of("plan"), "expressions live in core/plan"),
          new Stranger("org.yaml.", Set.of("kernel"), "YAML is read in kernel.document"),
          new Stranger(
              "java.util.logging.",
              Set.of("server"),
              "the server catches what Tomcat says there; nobody else speaks it"));
}
