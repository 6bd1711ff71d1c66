package dev.capstan.postgres.embedded;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;

/** A process of its own that owns a server until it is killed. */
final class Owner {
  private Owner() {}

  /** Starts it on this folder and waits until its server has taken a row. */
  static Process start(Path home) throws Exception {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            Owner.class.getName(),
            home.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static ProcessHandle server(Process owner) throws Exception {
    BufferedReader said = owner.inputReader();
    String line = said.readLine();
    while (line != null && !line.startsWith("server ")) {
      line = said.readLine();
    }
    if (line == null) {
      throw new AssertionError("the owner did not start a server");
    }
    return ProcessHandle.of(Long.parseLong(line.substring(7).strip())).orElseThrow();
  }

  public static void main(String[] arguments) throws Exception {
    EmbeddedPostgres server = EmbeddedPostgres.start(Path.of(arguments[0]));
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("create table kept (n int)");
      statement.execute("insert into kept values (7)");
    }
    System.out.println("server " + server.pid());
    new CountDownLatch(1).await();
  }
}
