package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.NotNullConstraint;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The statements that give a table which is there what no CREATE TABLE says, and no parent. */
final class TableDetails {
    private static final int INDEX_COLUMNS_MAX = 32;
    private static final String LOST_INDEX = "tidemark lost identity";

    private final Table table;
    private final String name;

    TableDetails(Table table) {
        this.table = table;
        this.name = Quoted.name(table.schema(), table.name());
    }

    /**
     * Makes an identity by an index that is gone, which needs one for a moment, while there are no
     * rows; by no index it acts as none does.
     */
    List<String> lostIdentity() {
        String columns =
                table.columns().stream()
                        .filter(column -> column.notNull() && !column.isGenerated())
                        .limit(table.kind().equals("p") ? INDEX_COLUMNS_MAX : 1)
                        .map(column -> Quoted.name(column.name()))
                        .collect(Collectors.joining(", "));
        String index = Quoted.name(LOST_INDEX);
        String body =
                """
                BEGIN
                  CREATE UNIQUE INDEX %1$s ON %2$s (%3$s);
                  ALTER TABLE ONLY %2$s REPLICA IDENTITY USING INDEX %1$s;
                  DROP INDEX %4$s;
                EXCEPTION WHEN OTHERS THEN
                  ALTER TABLE ONLY %2$s REPLICA IDENTITY NOTHING;
                END"""
                        .formatted(index, name, columns, Quoted.name(table.schema(), LOST_INDEX));
        return List.of("DO " + Quoted.text(body));
    }

    /** What acts on the rows' readers and writers, but for row security. */
    List<String> behaviour() {
        List<String> statements = new ArrayList<>();
        switch (table.replicaIdentity()) {
            case "f" -> statements.add(alter("REPLICA IDENTITY FULL"));
            case "n" -> statements.add(alter("REPLICA IDENTITY NOTHING"));
            default -> {
                // The primary key's is the default; that of an index comes with the index.
            }
        }
        if (table.kind().equals("p")) {
            // It counts for partitions to come; those that are there have their own.
            table.accessMethod()
                    .map(method -> alter("SET ACCESS METHOD " + Quoted.name(method)))
                    .ifPresent(statements::add);
        }
        return statements;
    }

    /** Statements that enable it, of all tables. */
    static List<String> rowSecurity(Catalog catalog) {
        return rowSecurity(catalog, "enabled", "ALTER TABLE %s ENABLE ROW LEVEL SECURITY");
    }

    /**
     * Statements that make it hold of owners too, of all tables: no more do they read all rows
     * then, so these come after the rows were read back.
     */
    static List<String> forcedRowSecurity(Catalog catalog) {
        return rowSecurity(catalog, "forced", "ALTER TABLE IF EXISTS %s FORCE ROW LEVEL SECURITY");
    }

    private static List<String> rowSecurity(Catalog catalog, String kind, String statement) {
        return catalog.tables().stream()
                .filter(table -> table.extension().isEmpty())
                .filter(table -> table.rowSecurity().contains(kind))
                .map(table -> statement.formatted(new TableDetails(table).name))
                .toList();
    }

    List<String> comments() {
        List<String> statements = new ArrayList<>();
        table.comment()
                .ifPresent(
                        text ->
                                statements.add(
                                        "COMMENT ON TABLE " + name + " IS " + Quoted.text(text)));
        for (Column column : table.columns()) {
            column.comment()
                    .ifPresent(
                            text ->
                                    statements.add(
                                            "COMMENT ON COLUMN %s.%s IS %s"
                                                    .formatted(
                                                            name,
                                                            Quoted.name(column.name()),
                                                            Quoted.text(text))));
            column.notNullConstraint()
                    .ifPresent(constraint -> statements.addAll(comment(constraint)));
        }
        return statements;
    }

    private List<String> comment(NotNullConstraint constraint) {
        return constraint.comment().stream()
                .map(
                        text ->
                                "COMMENT ON CONSTRAINT %s ON %s IS %s"
                                        .formatted(
                                                Quoted.name(constraint.name()),
                                                name,
                                                Quoted.text(text)))
                .toList();
    }

    private String alter(String action) {
        return "ALTER TABLE ONLY " + name + " " + action;
    }
}
