package dev.capstan.server.http;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of elsewhere away from a server that trusts whoever is at this machine: the Host
 * must be a local name (so that a foreign name that resolves to here is no way in), and an Origin,
 * which browsers send, must be this server's own.
 */
public final class LocalGuard implements Filter {
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest asked = (HttpServletRequest) request;
    HttpServletResponse answer = (HttpServletResponse) response;
    answer.setHeader("X-Content-Type-Options", "nosniff");
    String host = asked.getHeader("Host");
    String refused = refusal(host, asked.getHeader("Origin"));
    if (refused == null) {
      chain.doFilter(request, response);
    } else {
      Problems.answer(answer, Problem.of(ProblemCode.FORBIDDEN, refused), asked.getRequestURI());
    }
  }

  static @Nullable String refusal(@Nullable String host, @Nullable String origin) {
    if (host == null || !LOCAL.contains(name(host))) {
      return "this server answers only to localhost";
    }
    if (origin == null) {
      return null;
    }
    String lower = origin.toLowerCase(Locale.ROOT);
    int scheme = lower.indexOf("://");
    boolean same =
        scheme > 0
            && lower.startsWith("http")
            && LOCAL.contains(name(lower.substring(scheme + 3)))
            && port(lower.substring(scheme + 3)).equals(port(host));
    return same ? null : "requests from other origins are not allowed";
  }

  private static String name(String authority) {
    String lower = authority.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    return colon > lower.lastIndexOf(']') ? lower.substring(0, colon) : lower;
  }

  private static String port(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(colon + 1) : "80";
  }
}
