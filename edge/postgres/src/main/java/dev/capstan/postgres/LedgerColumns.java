package dev.capstan.postgres;

import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Batch;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.Claim;
import dev.capstan.llm.budget.LedgerRow;
import dev.capstan.llm.chat.Usage;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Rows of a ledger as columns, which is how one statement takes thousands of them. */
final class LedgerColumns {
  static final String NAMES =
      "id, owner, at, run_id, cost, reserved, input, cached, cache_write, output, reasoning,"
          + " tenant, step, agent, key, provider, model, how, accounts";

  private static final int NUMBERS = 11;
  private static final int TEXTS = 8;

  /** An array of arrays must be a rectangle; a text for each row's accounts need not be. */
  static final String SELECT =
      "id, owner, at, run_id, cost, reserved, input, cached, cache_write, output, reasoning,"
          + " tenant, step, agent, key, provider, model, how, accounts::bigint[] from unnest("
          + "?::bigint[], ".repeat(NUMBERS)
          + "?::text[], ".repeat(TEXTS - 1)
          + "?::text[]) as r ("
          + NAMES
          + ")";

  private final @Nullable Long[][] numbers;
  private final String[][] texts;

  private LedgerColumns(int count) {
    this.numbers = new Long[NUMBERS][count];
    this.texts = new String[TEXTS][count];
  }

  static LedgerColumns of(Batch batch, Map<Account, Long> ids) {
    LedgerColumns columns = new LedgerColumns(batch.rows().size());
    for (int at = 0; at < batch.rows().size(); at++) {
      columns.place(batch.rows().get(at), batch.owner(), at);
      columns.texts[7][at] = accounts(batch.rows().get(at).claim(), ids);
    }
    return columns;
  }

  private void place(LedgerRow row, long owner, int at) {
    Claim claim = row.claim();
    Usage usage = row.settlement().usage();
    numbers[0][at] = row.id();
    numbers[1][at] = owner;
    numbers[2][at] = Entry.micros(row.at());
    numbers[3][at] = claim.run() == null ? null : claim.run().value();
    numbers[4][at] = row.settlement().cost().pico();
    numbers[5][at] = claim.most().pico();
    numbers[6][at] = usage.inputTokens();
    numbers[7][at] = usage.cachedInputTokens();
    numbers[8][at] = usage.cacheWriteTokens();
    numbers[9][at] = usage.outputTokens();
    numbers[10][at] = usage.reasoningTokens();
    texts[0][at] = claim.tenant().value();
    texts[1][at] = kept(claim.step());
    texts[2][at] = kept(claim.agent());
    texts[3][at] = kept(claim.key());
    texts[4][at] = kept(claim.provider());
    texts[5][at] = kept(claim.model());
    texts[6][at] = row.settlement().how().name().toLowerCase(Locale.ROOT);
  }

  private static String accounts(Claim claim, Map<Account, Long> ids) {
    StringBuilder text = new StringBuilder("{");
    for (Budget budget : claim.budgets()) {
      text.append(text.length() > 1 ? "," : "").append(ids.get(budget.account()));
    }
    return text.append('}').toString();
  }

  static String kept(String text) {
    return PgText.isPlain(text) ? text : PgText.quoted(text);
  }

  /** Returns the number of the next parameter. */
  int bind(PreparedStatement statement, int first) throws SQLException {
    PGConnection server = statement.getConnection().unwrap(PGConnection.class);
    int next = first;
    for (@Nullable Long[] column : numbers) {
      statement.setArray(next++, server.createArrayOf("int8", column));
    }
    for (String[] column : texts) {
      statement.setArray(next++, server.createArrayOf("text", column));
    }
    return next;
  }
}
