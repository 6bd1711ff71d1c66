package dev.capstan.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Columns that line up; the last one is clipped to what the screen leaves. */
public final class Table {
  /** A piece of text and how it is painted; the text is made safe. */
  public record Cell(String text, UnaryOperator<String> paint) {
    public Cell {
      text = Safe.line(text);
    }

    public static Cell of(String text) {
      return new Cell(text, UnaryOperator.identity());
    }
  }

  private final List<List<Cell>> rows = new ArrayList<>();
  private final int columns;

  public Table(int columns) {
    this.columns = columns;
  }

  public void row(Cell... cells) {
    rows.add(List.of(cells));
  }

  public List<String> lines() {
    int count = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[count];
    for (List<Cell> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], Safe.width(row.get(i).text()));
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<Cell> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    int left = columns;
    for (int i = 0; i < row.size() && left > 0; i++) {
      Cell cell = row.get(i);
      boolean last = i == row.size() - 1;
      String text = Safe.clip(cell.text(), left);
      line.append(cell.paint().apply(text));
      int padding = last ? 0 : Math.min(left, widths[i] + 2) - Safe.width(text);
      line.append(" ".repeat(Math.max(0, padding)));
      left -= widths[i] + 2;
    }
    return line.toString().stripTrailing();
  }
}
