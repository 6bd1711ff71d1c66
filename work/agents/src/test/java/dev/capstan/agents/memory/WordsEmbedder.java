package dev.capstan.agents.memory;

import java.util.Map;

/** Means what its words are: quick, without a model, and it knows a few words of one meaning. */
public final class WordsEmbedder implements Embedder {
  private static final Map<String, String> SAME =
      Map.of("car", "vehicle", "automobile", "vehicle", "begins", "starts", "boss", "manager");

  /** What a text without words means. */
  private static final int NOTHING = 383;

  @Override
  public int dimensions() {
    return NOTHING + 1;
  }

  @Override
  public float[] embed(String text) {
    float[] vector = new float[dimensions()];
    for (String word : Bm25.words(text)) {
      String meaning = SAME.getOrDefault(word, word);
      int hash = meaning.hashCode() * 0x9e3779b9;
      vector[Math.floorMod(hash >>> 7, NOTHING)] += 1;
      vector[Math.floorMod(hash >>> 17, NOTHING)] += 0.5f;
    }
    double length = Math.sqrt(Embedder.dot(vector, vector));
    if (length == 0) {
      vector[NOTHING] = 1;
      return vector;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) length;
    }
    return vector;
  }
}
