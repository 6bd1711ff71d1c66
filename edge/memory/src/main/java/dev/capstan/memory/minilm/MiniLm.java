package dev.capstan.memory.minilm;

import dev.capstan.agents.memory.Embedder;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * all-MiniLM-L6-v2, quantised: 384 numbers for a text, a few milliseconds each, no network. It was
 * trained on English; of other languages it mostly finds what has the same names and numbers in it.
 * The model is loaded when the first text is to be understood, and lies outside of the heap.
 */
public final class MiniLm implements Embedder, AutoCloseable {
  private static final int DIMENSIONS = 384;

  /** Pieces at once; longer texts are cut, and what their parts mean is averaged. */
  private static final int LONGEST = 254;

  /** Each works on one core, and holds what it works on. */
  private static final int AT_ONCE = 2;

  private final Semaphore turns = new Semaphore(AT_ONCE, true);
  private volatile @Nullable Loaded loaded;
  private volatile boolean closed;

  private Loaded loaded() {
    Loaded model = loaded;
    return model == null ? load() : model;
  }

  private synchronized Loaded load() {
    refuseWhenClosed();
    Loaded model = loaded;
    if (model == null) {
      model = Loaded.load();
      loaded = model;
    }
    return model;
  }

  WordPieces pieces() {
    return loaded().pieces();
  }

  @Override
  public int dimensions() {
    return DIMENSIONS;
  }

  @Override
  public float[] embed(String text) {
    Loaded model = loaded();
    List<Integer> all = model.pieces().of(text);
    float[] sum = new float[DIMENSIONS];
    int from = 0;
    do {
      int to = Math.min(all.size(), from + LONGEST);
      float[] part = part(model, all.subList(from, to));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part[i] * Math.max(1, to - from);
      }
      from = to;
    } while (from < all.size());
    return ofLengthOne(sum);
  }

  private float[] part(Loaded model, List<Integer> numbers) {
    float[] sum = new float[DIMENSIONS];
    turns.acquireUninterruptibly();
    try {
      refuseWhenClosed();
      for (float[] piece : model.meanings(numbers)) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += piece[i];
        }
      }
    } finally {
      turns.release();
    }
    return ofLengthOne(sum);
  }

  private static float[] ofLengthOne(float[] vector) {
    float length = (float) Math.sqrt(Embedder.dot(vector, vector));
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return vector;
  }

  private void refuseWhenClosed() {
    if (closed) {
      throw Problem.of(ProblemCode.UNAVAILABLE, "the model that says what texts mean is closed")
          .refusal();
    }
  }

  /** Lets those who reckon finish, and refuses who comes later. */
  @Override
  public void close() {
    Loaded model;
    synchronized (this) {
      closed = true;
      model = loaded;
      loaded = null;
    }
    if (model != null) {
      turns.acquireUninterruptibly(AT_ONCE);
      try {
        model.close();
      } finally {
        turns.release(AT_ONCE);
      }
    }
  }
}
