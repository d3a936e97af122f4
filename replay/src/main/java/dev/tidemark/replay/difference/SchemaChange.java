package dev.tidemark.replay.difference;

/**
 * What of the schema differs.
 *
 * @param kind table, column, index, …
 * @param name with its schema, and of a part of a table with the table
 * @param change what becomes of it, for people: {@code created}, {@code dropped}, {@code integer →
 *     bigint}
 */
public record SchemaChange(String kind, String name, String change) {}
