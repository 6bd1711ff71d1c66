package dev.capstan.kernel;

/**
 * Counter-based dice: the same keys always give the same roll, whoever asks and in whatever order,
 * so that what was decided by chance is decided again the same way in a replay. The mixer is
 * SplitMix64's (Steele, Lea, Flood 2014).
 */
public final class Dice {
  private Dice() {}

  /** Spreads the bits of {@code seed} over all 64. */
  public static long mix(long seed) {
    long z = seed + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** A number in [0, 1) that belongs to these keys. */
  public static double unit(long seed, long purpose, long counter) {
    long mixed = mix(mix(mix(seed) ^ purpose) ^ counter);
    return (mixed >>> 11) * 0x1.0p-53;
  }
}
