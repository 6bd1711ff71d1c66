package dev.capstan.agents.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Okapi BM25 over a handful of texts, for stores that have no index of words; as a share of the
 * most that a query could score. Where there is an index, the same is reckoned from its counts.
 */
public final class Bm25 {
  private static final double K1 = 1.2;
  private static final double B = 0.75;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");

  private final List<Map<String, Integer>> counts = new ArrayList<>();
  private final Map<String, Integer> having = new HashMap<>();
  private final double averageLength;

  public Bm25(List<String> texts) {
    long length = 0;
    for (String text : texts) {
      Map<String, Integer> count = new HashMap<>();
      words(text).forEach(word -> count.merge(word, 1, Integer::sum));
      counts.add(count);
      count.keySet().forEach(word -> having.merge(word, 1, Integer::sum));
      length += length(count);
    }
    averageLength = Math.max(1, (double) length / Math.max(1, texts.size()));
  }

  /** In lower case, in the order of the text. */
  public static List<String> words(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(found -> found.group())
        .toList();
  }

  /** How rare a word is, that so many of all texts have; more than 0. */
  public static double rarity(long having, long all) {
    return Math.log(1 + (all - having + 0.5) / (having + 0.5));
  }

  /** The score of each text, 0 to 1, in their order. */
  public double[] scores(String query) {
    Set<String> words = new LinkedHashSet<>(words(query));
    double[] scores = new double[counts.size()];
    double most = 0;
    for (String word : words) {
      double rarity = rarity(having.getOrDefault(word, 0), counts.size());
      most += rarity;
      for (int i = 0; i < scores.length; i++) {
        scores[i] += rarity * frequency(counts.get(i), word);
      }
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] = most == 0 ? 0 : scores[i] / most;
    }
    return scores;
  }

  private double frequency(Map<String, Integer> count, String word) {
    int times = count.getOrDefault(word, 0);
    return times / (times + K1 * (1 - B + B * length(count) / averageLength));
  }

  private static long length(Map<String, Integer> count) {
    return count.values().stream().mapToLong(Integer::longValue).sum();
  }
}
