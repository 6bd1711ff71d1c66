package dev.capstan.server.cases;

import java.util.List;
import java.util.Locale;

/** What came of cases as JUnit's XML, which build servers read. */
final class JUnitReport {
  /**
   * One case of the report.
   *
   * @param broken the file is no case
   */
  record Line(String file, String name, long millis, List<String> wrong, boolean broken) {}

  private JUnitReport() {}

  static String of(List<Line> lines) {
    long failed = lines.stream().filter(line -> !line.broken() && !line.wrong().isEmpty()).count();
    long broken = lines.stream().filter(Line::broken).count();
    long millis = lines.stream().mapToLong(Line::millis).sum();
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuite name=\"capstan test\" tests=\"").append(lines.size());
    xml.append("\" failures=\"").append(failed).append("\" errors=\"").append(broken);
    xml.append("\" skipped=\"0\" time=\"").append(seconds(millis)).append("\">\n");
    lines.forEach(line -> write(line, xml));
    return xml.append("</testsuite>\n").toString();
  }

  private static void write(Line line, StringBuilder xml) {
    xml.append("  <testcase classname=\"").append(escaped(line.file()));
    xml.append("\" name=\"").append(escaped(line.name()));
    xml.append("\" file=\"").append(escaped(line.file()));
    xml.append("\" time=\"").append(seconds(line.millis()));
    if (line.wrong().isEmpty()) {
      xml.append("\"/>\n");
      return;
    }
    String kind = line.broken() ? "error" : "failure";
    xml.append("\">\n    <").append(kind).append(" message=\"");
    xml.append(escaped(line.wrong().getFirst())).append("\">");
    xml.append(escaped(String.join("\n", line.wrong())));
    xml.append("</").append(kind).append(">\n  </testcase>\n");
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%d.%03d", millis / 1_000, millis % 1_000);
  }

  /** As XML 1.0 has it: what it cannot hold becomes a question mark. */
  private static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> safe.append("&amp;");
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '"' -> safe.append("&quot;");
            case '\n' -> safe.append("&#10;");
            case '\t' -> safe.append("&#9;");
            default -> safe.appendCodePoint(isXml(c) ? c : '?');
          }
        });
    return safe.toString();
  }

  private static boolean isXml(int c) {
    return (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) || c > 0xffff;
  }
}
