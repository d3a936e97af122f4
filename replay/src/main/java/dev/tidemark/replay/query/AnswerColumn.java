package dev.tidemark.replay.query;

/**
 * A column of an answer.
 *
 * @param name may be that of another one, too
 * @param type by DuckDB's name
 * @param isNumber do people add it up?
 */
public record AnswerColumn(String name, String type, boolean isNumber) {}
