package dev.capstan.postgres;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is and who asks. Its text never holds the password.
 *
 * @param url a JDBC address, without user and password when they were given apart
 */
record DatabaseAddress(String url, @Nullable String user, @Nullable String password) {
  /**
   * Reads {@code postgres://user:password@host:port/database?…}, {@code postgresql://…} or {@code
   * jdbc:postgresql:…}. Throws a {@link Refusal} of {@code invalid_request}.
   */
  static DatabaseAddress parse(String text) {
    if (text.startsWith("jdbc:postgresql:")) {
      return new DatabaseAddress(text, null, null);
    }
    try {
      URI uri = new URI(text);
      boolean ours = "postgres".equals(uri.getScheme()) || "postgresql".equals(uri.getScheme());
      if (!ours || uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
        throw unreadable();
      }
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      String url = "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query;
      String[] who =
          uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
      return new DatabaseAddress(
          url, who.length > 0 ? decoded(who[0]) : null, who.length > 1 ? decoded(who[1]) : null);
    } catch (URISyntaxException broken) {
      throw unreadable();
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Refusal unreadable() {
    return Problem.of(
            ProblemCode.INVALID_REQUEST,
            "DATABASE_URL is no address of a PostgreSQL; one looks like"
                + " postgres://user:password@host:5432/database")
        .refusal();
  }

  /** What a driver needs beside the address. */
  Properties credentials() {
    Properties properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    return properties;
  }

  /** Connections without a pool. */
  DataSource source() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    if (user != null) {
      source.setUser(user);
    }
    if (password != null) {
      source.setPassword(password);
    }
    return source;
  }

  @Override
  public String toString() {
    return url.replaceAll("(?i)(password|user)=[^&]*", "$1=…");
  }
}
