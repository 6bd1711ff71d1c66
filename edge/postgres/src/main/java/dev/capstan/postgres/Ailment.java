package dev.capstan.postgres;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that ails the database.
 *
 * @param code a stable name, such as {@code database_away}
 * @param grave whether no work is done until it is mended
 * @param detail what is wrong, in words; holds no secret
 * @param remedy what would mend it
 * @param since null when nobody looked when it began
 */
public record Ailment(
    String code, boolean grave, String detail, String remedy, @Nullable Instant since) {}
