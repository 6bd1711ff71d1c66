package dev.capstan.postgres;

import dev.capstan.engine.IdempotencyKeys;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Keys of requests in PostgreSQL. */
public final class PgIdempotencyKeys implements IdempotencyKeys {
  private static final String TIE =
      "insert into idempotency_key (tenant, key, run_id, request_hash) values (?, ?, ?, ?)"
          + " on conflict do nothing";

  private static final String READ =
      "select run_id, request_hash from idempotency_key where tenant = ? and key = ?";

  private final Database database;

  public PgIdempotencyKeys(Database database) {
    this.database = database;
  }

  @Override
  public Reserved reserve(TenantId tenant, String key, String requestHash, RunId proposed) {
    String kept = PgText.isPlain(key) ? key : PgText.quoted(key);
    return database
        .asking()
        .soon(connection -> tie(connection, tenant, kept, new Reserved(proposed, requestHash)));
  }

  /** Asked twice it finds what it tied itself. */
  private static Reserved tie(Connection connection, TenantId tenant, String key, Reserved wanted)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TIE)) {
      statement.setString(1, tenant.value());
      statement.setString(2, key);
      statement.setLong(3, wanted.run().value());
      statement.setString(4, wanted.requestHash());
      if (statement.executeUpdate() == 1) {
        return wanted;
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setString(1, tenant.value());
      statement.setString(2, key);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Reserved(new RunId(row.getLong(1)), row.getString(2));
      }
    }
  }
}
