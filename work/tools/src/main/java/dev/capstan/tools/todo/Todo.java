package dev.capstan.tools.todo;

import dev.capstan.kernel.TenantId;
import java.time.Instant;

/**
 * Something to be done.
 *
 * @param id counts from 1 in each tenant, so that people can type it; never given twice
 * @param text 1 to {@link #LONGEST_TEXT} characters (code points), no control characters, no blank
 *     ends
 * @param createdAt in microseconds, as every store can keep it; so is {@code updatedAt}
 * @param updatedAt when text or done last changed; {@code createdAt} at first
 */
public record Todo(
    long id, TenantId tenant, String text, boolean done, Instant createdAt, Instant updatedAt) {
  /** Longest text, in characters (Unicode code points). */
  public static final int LONGEST_TEXT = 1_000;
}
