package dev.tidemark.replay.load;

import dev.tidemark.replay.content.Domains;
import dev.tidemark.replay.content.RowHolders;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.SequenceState;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Moves sequences that belong to a column to its greatest value, where they are behind: a sample of
 * sequences may be older than the newest rows, and the first insert after a restore must not meet a
 * key that is taken. Rows of partitions, and of tables that inherit, have their numbers from the
 * sequence of the table above them.
 */
record OwnedSequences(Catalog catalog, SchemaRun run) {
    static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");

    void catchUp(Connection connection) throws SQLException {
        for (String statement : statements(catalog)) {
            run.again(connection, statement);
        }
    }

    /** What does that, once all rows are there. */
    static List<String> statements(Catalog catalog) {
        List<String> statements = new ArrayList<>();
        Domains domains = Domains.of(catalog);
        Map<Long, Table> tables = new HashMap<>();
        catalog.tables().forEach(table -> tables.put(table.id(), table));
        RowHolders holders = RowHolders.of(catalog);
        for (CatalogObject object : catalog.objects()) {
            Optional<SequenceState> state = object.sequence();
            Optional<Table> owner = state.flatMap(SequenceState::table).map(tables::get);
            Optional<Column> column = owner.flatMap(table -> column(table, state.orElseThrow()));
            if (column.filter(one -> INTEGERS.contains(domains.base(one.type()))).isPresent()) {
                for (Table holder : holders.of(owner.orElseThrow())) {
                    statements.add(statement(object, holder, column.get()));
                }
            }
        }
        return statements;
    }

    private static Optional<Column> column(Table table, SequenceState state) {
        return table.columns().stream()
                .filter(column -> state.column().filter(id -> id == column.id()).isPresent())
                .findFirst();
    }

    private static String statement(CatalogObject object, Table holder, Column column) {
        String sequence = Quoted.name(object.schema(), object.name());
        return """
        SELECT setval(p.seqrelid::regclass, x.greatest)
          FROM pg_sequence p, %s s, (SELECT max(%s)::bigint AS greatest FROM ONLY %s) x
         WHERE p.seqrelid = %s::regclass AND p.seqincrement > 0
           AND x.greatest >= s.last_value AND x.greatest <= p.seqmax"""
                .formatted(
                        sequence,
                        Quoted.name(column.name()),
                        Quoted.name(holder.schema(), holder.name()),
                        Quoted.text(sequence));
    }
}
