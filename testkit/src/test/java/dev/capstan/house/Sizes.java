package dev.capstan.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Measures source files as the compiler's own parser sees them. */
final class Sizes {
  static final int LONGEST_FILE = 400;
  static final int LONGEST_METHOD = 60;
  static final int MOST_PARAMETERS = 5;

  private Sizes() {}

  /** Sentences for what is too long or takes too much in sources by their names. */
  static List<String> breaches(Map<String, String> sources) {
    List<String> found = new ArrayList<>();
    List<Planted.Text> texts = new ArrayList<>();
    Map<URI, String> names = new HashMap<>();
    sources.forEach((shown, source) -> {
      long lines = source.lines().count();
      if (lines > LONGEST_FILE) {
        found.add(shown + " has " + lines + " lines: a noun is missing");
      }
      Planted.Text text = new Planted.Text(shown, source);
      texts.add(text);
      names.put(text.toUri(), shown);
    });
    // All at once: to set the compiler up for each file would take most of the time.
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, List.of("-proc:none"), null, texts);
    try {
      SourcePositions places = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        String shown = names.getOrDefault(unit.getSourceFile().toUri(), "?");
        new Measure(unit, places, shown, found).scan(unit, null);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return found;
  }

  private static final class Measure extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions places;
    private final String shown;
    private final List<String> found;

    Measure(CompilationUnitTree unit, SourcePositions places, String shown, List<String> found) {
      this.unit = unit;
      this.places = places;
      this.shown = shown;
      this.found = found;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      LineMap map = unit.getLineMap();
      if (places.getStartPosition(unit, method) < 0) {
        return super.visitMethod(method, null);
      }
      long start = map.getLineNumber(places.getStartPosition(unit, method));
      String place = shown + ":" + start + " " + method.getName();
      long length = length(method, map);
      if (length > LONGEST_METHOD) {
        found.add(place + " has " + length + " lines");
      }
      if (method.getParameters().size() > MOST_PARAMETERS && !isOfARecord(method)) {
        found.add(place + " takes " + method.getParameters().size() + " parameters");
      }
      return super.visitMethod(method, null);
    }

    /** The body's, braces included: a long table of cases in an annotation is no long method. */
    private long length(MethodTree method, LineMap map) {
      if (method.getBody() == null) {
        return 0;
      }
      long from = places.getStartPosition(unit, method.getBody());
      long to = places.getEndPosition(unit, method.getBody());
      return from < 0 || to < from ? 0 : map.getLineNumber(to) - map.getLineNumber(from) + 1;
    }

    private boolean isOfARecord(MethodTree method) {
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      return method.getReturnType() == null
          && parent instanceof ClassTree type
          && type.getKind() == Tree.Kind.RECORD;
    }
  }
}
