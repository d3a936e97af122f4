package dev.tidemark.cli.differential;

/**
 * A column that is there.
 *
 * @param name quoted as needed
 * @param type as it is declared
 * @param basic the server's name of the type that values have; of a domain, that of its base
 * @param kind of the type: {@code b} base, {@code e} enum, {@code c} composite …
 * @param isDemanded NULL is refused, and nothing else fills it
 * @param isWritable it is neither generated nor always an identity
 * @param isKey it is in a unique index
 * @param parent the table and column that it refers to, as {@code SELECT column FROM table}, else
 *     empty
 * @param isPartitioning its value says in which partition a row is
 */
record Column(
        String name,
        String type,
        String basic,
        String kind,
        boolean isDemanded,
        boolean isWritable,
        boolean isKey,
        String parent,
        boolean isPartitioning) {}
