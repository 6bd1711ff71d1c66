package dev.capstan.tools.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Hosts that the operator allows: {@code api.example.com}, {@code *.example.org} (whatever is below
 * it, not itself), {@code localhost:9000} (that port only), {@code [2001:db8::1]:80} or {@code *},
 * with commas between.
 */
public final class AllowList {
  private static final int ANY_PORT = -1;

  private final List<Entry> entries;

  private record Entry(String host, int port) {
    boolean permits(String asked, int askedPort) {
      boolean named =
          host.equals("*")
              || (host.startsWith("*.") ? asked.endsWith(host.substring(1)) : asked.equals(host));
      return named && (port == ANY_PORT || port == askedPort);
    }
  }

  private AllowList(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Nothing is allowed by a blank text. Throws {@link IllegalArgumentException} for what is no
   * list.
   */
  public static AllowList parse(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String entry = part.strip().toLowerCase(Locale.ROOT);
      if (!entry.isEmpty()) {
        entries.add(entry(entry));
      }
    }
    return new AllowList(entries);
  }

  private static Entry entry(String text) {
    int colon = text.lastIndexOf(':');
    // An IPv6 address without brackets has several colons and no port.
    boolean single = colon >= 0 && text.indexOf(':') == colon;
    boolean port = single || text.contains("]:");
    String host = port ? text.substring(0, colon) : text;
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    boolean wildcard = bare.equals("*") || (bare.startsWith("*.") && bare.indexOf('*', 1) < 0);
    if (bare.isEmpty()
        || bare.contains("/")
        || bare.contains(" ")
        || (bare.contains("*") && !wildcard)) {
      throw new IllegalArgumentException(
          "'" + text + "' is no host; write api.example.com, *.example.org or localhost:9000");
    }
    return new Entry(bare, port ? port(text.substring(colon + 1), text) : ANY_PORT);
  }

  private static int port(String digits, String entry) {
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
      throw new IllegalArgumentException("'" + entry + "' ends in no port");
    }
    return Integer.parseInt(digits);
  }

  boolean permits(String host, int port) {
    return entries.stream().anyMatch(entry -> entry.permits(host, port));
  }
}
