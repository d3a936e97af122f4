package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.SequenceState;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Moves sequences that belong to a column to its greatest value, where they are behind: a sample of
 * sequences may be older than the newest rows, and the first insert after a restore must not meet a
 * key that is taken.
 */
record OwnedSequences(Catalog catalog, SchemaRun run) {
    static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");

    void catchUp(Connection connection) throws SQLException {
        Map<Long, Table> tables = new HashMap<>();
        catalog.tables().forEach(table -> tables.put(table.id(), table));
        for (CatalogObject object : catalog.objects()) {
            Optional<SequenceState> state = object.sequence();
            Optional<Table> owner = state.flatMap(SequenceState::table).map(tables::get);
            if (owner.filter(Table::holdsRows).isPresent()) {
                catchUp(connection, object, owner.get(), state.get());
            }
        }
    }

    private void catchUp(
            Connection connection, CatalogObject object, Table table, SequenceState state)
            throws SQLException {
        for (Column column : table.columns()) {
            if (state.column().isPresent()
                    && state.column().get() == column.id()
                    && INTEGERS.contains(column.type())) {
                run.run(connection, statement(object, table, column));
            }
        }
    }

    private static String statement(CatalogObject object, Table table, Column column) {
        String sequence = Quoted.name(object.schema(), object.name());
        return """
        SELECT setval(p.seqrelid::regclass, x.greatest)
          FROM pg_sequence p, %s s, (SELECT max(%s)::bigint AS greatest FROM ONLY %s) x
         WHERE p.seqrelid = %s::regclass AND p.seqincrement > 0
           AND x.greatest >= s.last_value AND x.greatest <= p.seqmax"""
                .formatted(
                        sequence,
                        Quoted.name(column.name()),
                        Quoted.name(table.schema(), table.name()),
                        Quoted.text(sequence));
    }
}
