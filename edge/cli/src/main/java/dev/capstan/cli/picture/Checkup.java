package dev.capstan.cli.picture;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.capstan.cli.terminal.Paint;
import dev.capstan.cli.terminal.Safe;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an examination found, line by line. */
public final class Checkup {
  private Checkup() {}

  /** How bad it is. */
  public enum Verdict {
    GOOD,
    NOTE,
    BAD;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param remedy what to do about it; empty when there is nothing to do
   */
  public record Finding(Verdict verdict, String subject, String detail, String remedy) {}

  public static List<String> draw(List<Finding> findings, Look look) {
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      int left = look.columns() - 16;
      lines.add(
          sign(finding.verdict(), look.paint())
              + " "
              + Safe.pad(finding.subject(), 12)
              + "  "
              + Safe.clip(Safe.line(finding.detail()), left));
      if (!finding.remedy().isEmpty()) {
        lines.add("                → " + finding.remedy());
      }
    }
    return lines;
  }

  private static String sign(Verdict verdict, Paint paint) {
    return switch (verdict) {
      case GOOD -> paint.good("✓");
      case NOTE -> paint.warn("!");
      case BAD -> paint.bad("✗");
    };
  }
}
