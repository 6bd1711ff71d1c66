package dev.capstan.kernel;

/** Whose turn it is to act on a problem; also a metric label. */
public enum Blame {
  /** The request was wrong: sending it again unchanged cannot help. */
  CALLER,
  /** Something that Capstan called: a tool, a provider, a remote server. */
  OUTSIDE,
  /** A limit, a full queue, a missing database: the request is right and the moment is wrong. */
  CAPACITY,
  /** A defect of ours. */
  CAPSTAN
}
