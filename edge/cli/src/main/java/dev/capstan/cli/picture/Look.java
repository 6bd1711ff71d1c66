package dev.capstan.cli.picture;

import dev.capstan.cli.terminal.Paint;
import java.time.Instant;
import java.time.ZoneId;

/**
 * How and when something is looked at.
 *
 * @param columns width in cells
 * @param rows how many lines there is room for
 * @param frame counts redraws, so that what is alive moves; 0 for a still picture
 */
public record Look(Paint paint, int columns, int rows, Instant now, ZoneId zone, int frame) {
  /** A still picture with as many lines as it takes. */
  public Look still() {
    return new Look(paint, columns, Integer.MAX_VALUE, now, zone, 0);
  }
}
