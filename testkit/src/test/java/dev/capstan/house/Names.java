package dev.capstan.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.regex.Pattern;

/** Names that say what kind of drawer a thing lies in, and not what the thing is. */
final class Names {
  private static final Pattern DRAWER =
      Pattern.compile(
          ".*(Manager|Helper|Helpers|Util|Utils|Impl|Info|Data|Wrapper|Processor|Interface)");
  private static final Pattern BEGINNING =
      Pattern.compile("(Base|Abstract|Common)([A-Z].*)?|I[A-Z][a-z].*");

  private Names() {}

  static List<String> breaches(JavaClasses classes) {
    return classes.stream()
        .filter(type -> !type.isAnonymousClass() && type.getName().startsWith("dev.capstan."))
        .filter(Names::isADrawer)
        .map(JavaClass::getName)
        .sorted()
        .toList();
  }

  private static boolean isADrawer(JavaClass type) {
    String name = type.getSimpleName();
    boolean hungarian =
        type.isInterface() && BEGINNING.matcher(name).matches() && name.startsWith("I");
    boolean inherited = BEGINNING.matcher(name).matches() && !name.startsWith("I");
    return DRAWER.matcher(name).matches() || hungarian || inherited;
  }
}
