package dev.tidemark.replay.rewind;

import dev.tidemark.replay.load.Quoted;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Constraints that were added {@code NOT VALID}: the source's older rows need not obey them, and
 * PostgreSQL checks each row that comes. They go before the rows move, and come back as they were
 * in the same transaction; nobody reads these tables meanwhile. For one thread.
 *
 * @param constraints in the order in which they went
 */
record UnvalidatedChecks(Connection connection, List<Constraint> constraints) {
    /**
     * One of a table or a domain.
     *
     * @param of {@code TABLE} or {@code DOMAIN} with its name as SQL
     * @param kind what a comment calls it
     */
    private record Constraint(
            String of, String kind, String name, String definition, String comment) {
        void drop(Statement statement) throws SQLException {
            statement.execute("ALTER %s DROP CONSTRAINT %s".formatted(of, name));
        }

        void add(Statement statement) throws SQLException {
            statement.execute("ALTER %s ADD CONSTRAINT %s %s".formatted(of, name, definition));
            if (!comment.isEmpty()) {
                statement.execute(
                        "COMMENT ON CONSTRAINT %s ON %s IS %s"
                                .formatted(name, kind, Quoted.text(comment)));
            }
        }
    }

    /**
     * Those of some tables, and of all domains. What a table has from another one goes with that
     * one's: parents come first.
     */
    private static final String FIND =
            """
            WITH RECURSIVE up(relation, name, height) AS (
                SELECT o.conrelid, o.conname, 0
                  FROM pg_constraint o
                 WHERE o.conrelid = ANY (?) AND NOT o.convalidated AND o.contype IN ('c', 'n')
                 UNION
                SELECT i.inhparent, u.name, u.height + 1
                  FROM up u
                  JOIN pg_inherits i ON i.inhrelid = u.relation
                  JOIN pg_constraint p ON p.conrelid = i.inhparent AND p.conname = u.name
                                      AND NOT p.convalidated)
            SELECT 'TABLE ' || f.name, f.name, quote_ident(o.conname), pg_get_constraintdef(o.oid),
                   coalesce(obj_description(o.oid, 'pg_constraint'), ''), max(u.height) AS height
              FROM up u
              JOIN pg_constraint o ON o.conrelid = u.relation AND o.conname = u.name
              JOIN pg_class c ON c.oid = o.conrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             CROSS JOIN LATERAL format('%I.%I', n.nspname, c.relname) f(name)
             WHERE o.coninhcount = 0 OR o.conislocal
             GROUP BY o.oid, o.conname, f.name
             UNION ALL
            SELECT 'DOMAIN ' || f.name, 'DOMAIN ' || f.name, quote_ident(o.conname), pg_get_constraintdef(o.oid),
                   coalesce(obj_description(o.oid, 'pg_constraint'), ''), 0
              FROM pg_constraint o
              JOIN pg_type t ON t.oid = o.contypid
              JOIN pg_namespace n ON n.oid = t.typnamespace
             CROSS JOIN LATERAL format('%I.%I', n.nspname, t.typname) f(name)
             WHERE NOT o.convalidated AND o.contype IN ('c', 'n')
             ORDER BY height DESC, 1, 3
            """;

    UnvalidatedChecks {
        constraints = List.copyOf(constraints);
    }

    /**
     * Finds them.
     *
     * @param relations the tables whose rows are to move
     */
    static UnvalidatedChecks of(Connection connection, Collection<Long> relations)
            throws SQLException {
        List<Constraint> found = new ArrayList<>();
        if (relations.isEmpty()) {
            return new UnvalidatedChecks(connection, found);
        }
        Array tables = connection.createArrayOf("oid", relations.toArray());
        try (PreparedStatement query = connection.prepareStatement(FIND)) {
            query.setArray(1, tables);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(
                            new Constraint(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5)));
                }
            }
        }
        return new UnvalidatedChecks(connection, found);
    }

    /** What they are of, in words. */
    String names() {
        return constraints.stream()
                .map(Constraint::kind)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    void drop() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (Constraint constraint : constraints) {
                constraint.drop(statement);
            }
        }
    }

    /** Brings them back. */
    void add() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (Constraint constraint : constraints.reversed()) {
                constraint.add(statement);
            }
        }
    }
}
