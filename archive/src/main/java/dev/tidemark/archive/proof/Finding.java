package dev.tidemark.archive.proof;

/**
 * Something that is wrong with an archive.
 *
 * @param message for people
 */
public record Finding(Verdict verdict, String message) {}
