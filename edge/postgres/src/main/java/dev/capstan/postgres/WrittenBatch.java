package dev.capstan.postgres;

/**
 * One commit of the journal's.
 *
 * @param bytes of payload, as characters
 * @param nanos from taking it up to having it on disk
 */
public record WrittenBatch(int appends, int events, long bytes, long nanos) {}
