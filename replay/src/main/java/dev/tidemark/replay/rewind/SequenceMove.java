package dev.tidemark.replay.rewind;

import static java.util.stream.Collectors.joining;

import dev.tidemark.replay.content.Domains;
import dev.tidemark.replay.content.RowHolders;
import dev.tidemark.replay.load.Quoted;
import dev.tidemark.replay.load.SqlStates;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.SequenceState;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sets sequences to where they stood, within the transaction of a session: values of sequences are
 * not undone with a transaction, but a sequence that began anew in it is.
 */
record SequenceMove(MoveSession session, Catalog catalog) {
    private static final List<String> INTEGERS = List.of("smallint", "integer", "bigint");

    private record Value(long last, boolean called) {}

    /**
     * Sets them all.
     *
     * @param touched tables whose rows moved, by id
     * @throws LockedOutException when others hold one: a value that was taken holds it until the
     *     transaction ends
     */
    void run(Set<Long> touched) throws SQLException {
        for (CatalogObject object : catalog.objects()) {
            if (object.sequence().isPresent()) {
                move(object, object.sequence().get());
            }
        }
        for (Table table : catalog.tables()) {
            if (table.extension().isPresent() && touched.contains(table.id())) {
                catchUp(table);
            }
        }
    }

    /**
     * Catalogs leave out what belongs to an extension: as in a restore its sequences go to the
     * greatest value of their columns, where they are behind.
     */
    private void catchUp(Table table) throws SQLException {
        for (Column column : table.stored()) {
            if (INTEGERS.contains(column.type())) {
                Optional<Behind> behind = behind(table, column);
                if (behind.isPresent()) {
                    catchUp(behind.get());
                }
            }
        }
    }

    private record Behind(String sequence, long greatest) {}

    private void catchUp(Behind behind) throws SQLException {
        try {
            set(behind.sequence(), new Value(behind.greatest(), true));
        } catch (SQLException e) {
            throw lockedOut(behind.sequence(), e);
        }
    }

    private Optional<Behind> behind(Table table, Column column) throws SQLException {
        String name = Quoted.name(table.schema(), table.name());
        String query =
                """
                SELECT s.name, s.greatest
                  FROM (SELECT pg_get_serial_sequence(%s, %s) AS name, max(%s)::bigint AS greatest FROM ONLY %s) s
                  JOIN pg_sequence p ON p.seqrelid = s.name::regclass
                 WHERE p.seqincrement > 0 AND s.greatest BETWEEN p.seqstart AND p.seqmax
                   AND s.greatest > coalesce(pg_sequence_last_value(p.seqrelid), p.seqstart - 1)"""
                        .formatted(
                                Quoted.text(name),
                                Quoted.text(column.name()),
                                Quoted.name(column.name()),
                                name);
        try (Statement statement = connection().createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next()
                    ? Optional.of(new Behind(row.getString(1), row.getLong(2)))
                    : Optional.empty();
        }
    }

    private Connection connection() {
        return session.connection();
    }

    private void move(CatalogObject object, SequenceState state) throws SQLException {
        String sequence = Quoted.name(object.schema(), object.name());
        try {
            move(sequence, state);
        } catch (SQLException e) {
            throw lockedOut(object.schema() + "." + object.name(), e);
        }
    }

    private SQLException lockedOut(String sequence, SQLException e) {
        if (SqlStates.isLocked(e)) {
            throw LockedOutException.of(session, sequence, e);
        }
        return e;
    }

    private void move(String sequence, SequenceState state) throws SQLException {
        Optional<Value> now = now(sequence);
        if (now.isEmpty()) {
            return; // it was left out of the restore
        }
        Value wanted = atLeastOwners(sequence, state, new Value(state.lastValue(), state.called()));
        if (!now.get().equals(wanted)) {
            set(sequence, wanted);
        }
    }

    private Optional<Value> now(String sequence) throws SQLException {
        try (PreparedStatement there =
                connection().prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            there.setString(1, sequence);
            try (ResultSet row = there.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    return Optional.empty();
                }
            }
        }
        try (Statement statement = connection().createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT last_value, is_called FROM " + sequence)) {
            row.next();
            return Optional.of(new Value(row.getLong(1), row.getBoolean(2)));
        }
    }

    /**
     * As a restore does: the first insert must not meet a key that is taken, also in a partition or
     * another table that inherits the column.
     */
    private Value atLeastOwners(String sequence, SequenceState state, Value wanted)
            throws SQLException {
        Optional<Table> owner =
                catalog.tables().stream()
                        .filter(table -> state.table().filter(id -> id == table.id()).isPresent())
                        .findFirst();
        if (owner.isEmpty()) {
            return wanted;
        }
        for (Column column : owner.get().columns()) {
            if (state.column().filter(id -> id == column.id()).isPresent()
                    && INTEGERS.contains(Domains.of(catalog).base(column.type()))) {
                List<Table> holders = RowHolders.of(catalog).of(owner.get());
                return holders.isEmpty() ? wanted : atLeast(sequence, holders, column, wanted);
            }
        }
        return wanted;
    }

    private Value atLeast(String sequence, List<Table> holders, Column column, Value wanted)
            throws SQLException {
        String greatest =
                holders.stream()
                        .map(
                                table ->
                                        "SELECT max(%s)::bigint AS one FROM ONLY %s"
                                                .formatted(
                                                        Quoted.name(column.name()),
                                                        Quoted.name(table.schema(), table.name())))
                        .collect(joining(" UNION ALL "));
        String query =
                """
                SELECT x.greatest
                  FROM pg_sequence p, (SELECT max(one) AS greatest FROM (%s) t) x
                 WHERE p.seqrelid = %s::regclass AND p.seqincrement > 0
                   AND x.greatest >= %d AND x.greatest <= p.seqmax"""
                        .formatted(greatest, Quoted.text(sequence), wanted.last());
        try (Statement statement = connection().createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? new Value(row.getLong(1), true) : wanted;
        }
    }

    private void set(String sequence, Value value) throws SQLException {
        try (Statement statement = connection().createStatement()) {
            statement.execute("ALTER SEQUENCE " + sequence + " RESTART");
            statement.execute(
                    "SELECT setval(%s::regclass, %d, %s)"
                            .formatted(Quoted.text(sequence), value.last(), value.called()));
        }
    }
}
