package dev.capstan.agents.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * How memories are ranked:
 *
 * <pre>{@code
 * score     = relevance · (1 + importance) / 2 · (1 + recency) / 2
 * relevance = 1 − (1 − words) · (1 − meaning)
 * recency   = 0.5 ^ (age / half-life)
 * }</pre>
 *
 * {@code words} is BM25 as a share of the most that the query's words could score, {@code meaning}
 * the cosine of the two embeddings, at least 0: either is enough to be relevant. Importance and age
 * at most halve the score each, so an old note on the very matter still beats a fresh one on
 * another.
 *
 * @param halfLife after which time half of a memory's recency is gone
 * @param mostPerGroup memories that a group holds
 */
public record Ranking(Duration halfLife, int mostPerGroup) {
  public static final Ranking DEFAULT = new Ranking(Duration.ofDays(30), 100_000);

  /** What is less relevant has nothing to do with the query. */
  public static final double LEAST_RELEVANCE = 0.2;

  private static final Comparator<Recalled> BEST_FIRST =
      Comparator.comparingDouble(Recalled::score)
          .reversed()
          .thenComparing(Recalled::memory, Remembered.NEWEST_FIRST);

  /**
   * A memory that was found.
   *
   * @param words 0 to 1
   * @param meaning -1 to 1
   */
  public record Candidate(Remembered memory, double words, double meaning) {
    double relevance() {
      return Ranking.relevance(words, meaning);
    }
  }

  /** How much something has to do with the query, 0 to 1. */
  public static double relevance(double words, double meaning) {
    return 1 - (1 - Math.clamp(words, 0, 1)) * (1 - Math.clamp(meaning, 0, 1));
  }

  public List<Recalled> best(Collection<Candidate> candidates, int limit, Instant now) {
    return candidates.stream()
        .filter(candidate -> candidate.relevance() >= LEAST_RELEVANCE)
        .map(candidate ->
            new Recalled(
                candidate.memory(),
                candidate.relevance() * worth(candidate.memory(), now),
                candidate.relevance()))
        .sorted(BEST_FIRST)
        .limit(limit)
        .toList();
  }

  /** What a memory is worth whatever is asked, a quarter to 1: a full group forgets the least. */
  public double worth(Remembered memory, Instant now) {
    return worth(memory.importance(), memory.at().toEpochMilli(), now);
  }

  public double worth(double importance, long writtenAtMillis, Instant now) {
    double age = Math.max(0, now.toEpochMilli() - writtenAtMillis);
    double recency = Math.pow(0.5, age / halfLife.toMillis());
    return (1 + importance) / 2 * (1 + recency) / 2;
  }

  /**
   * How many a group of this size forgets: a hundredth more than it must, so as to do it seldom.
   */
  public int surplus(int size) {
    return size <= mostPerGroup ? 0 : size - mostPerGroup + mostPerGroup / 100;
  }
}
