package dev.capstan.agents.memory;

/** Says what a text means, as a vector: the closer two texts are, the larger the dot product. */
public interface Embedder {
  /** How many numbers a vector has. */
  int dimensions();

  /** A vector of length 1. Called from many threads. */
  float[] embed(String text);

  static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
