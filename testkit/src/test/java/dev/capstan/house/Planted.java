package dev.capstan.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Breaches compiled on the spot, so that each rule can be seen to bite. */
final class Planted {
  private Planted() {}

  /** The class files of one source text, and nothing else. */
  static JavaClasses classes(String qualifiedName, String source) {
    try {
      Path folder = Files.createTempDirectory("planted");
      try {
        return compiled(folder, qualifiedName, source);
      } finally {
        remove(folder);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static JavaClasses compiled(Path folder, String qualifiedName, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of("-proc:none", "-nowarn", "-d", folder.toString(), "-cp", classPath()),
                null,
                List.of(new Text(qualifiedName, source)))
            .call();
    if (!compiled) {
      throw new IllegalArgumentException(said.toString());
    }
    return new ClassFileImporter().importPath(folder);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** A source in memory. */
  static final class Text extends SimpleJavaFileObject {
    private final String source;

    Text(String qualifiedName, String source) {
      super(
          URI.create(
              String.format(Locale.ROOT, "text:///%s.java", qualifiedName.replace('.', '/'))),
          JavaFileObject.Kind.SOURCE);
      this.source = source;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }
  }
}
