package dev.capstan.tools.http;

import java.time.Duration;

/**
 * What the operator allows.
 *
 * @param open hosts that may be asked when all their addresses are public ({@code
 *     CAPSTAN_HTTP_ALLOW})
 * @param inside hosts that may be asked wherever they are ({@code CAPSTAN_HTTP_ALLOW_PRIVATE})
 * @param mostBytes the longest answer that is read, after unpacking
 * @param longest the longest that one call may take, redirects included
 */
public record HttpRules(AllowList open, AllowList inside, int mostBytes, Duration longest) {
  public static final String ALLOW = "CAPSTAN_HTTP_ALLOW";
  public static final String ALLOW_PRIVATE = "CAPSTAN_HTTP_ALLOW_PRIVATE";

  /** From the two settings, with 1 MiB and 30 s. Throws as {@link AllowList#parse} does. */
  public static HttpRules of(String allow, String allowPrivate) {
    return new HttpRules(
        AllowList.parse(allow), AllowList.parse(allowPrivate), 1 << 20, Duration.ofSeconds(30));
  }

  boolean permits(String host, int port) {
    return open.permits(host, port) || inside.permits(host, port);
  }
}
