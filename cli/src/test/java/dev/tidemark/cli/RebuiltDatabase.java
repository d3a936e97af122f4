package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.load.RightsPart;
import dev.tidemark.replay.load.RightsPlan;
import dev.tidemark.replay.load.SchemaPlan;
import dev.tidemark.replay.load.TargetRoles;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/** Runs a plan in an empty database and copies the rows of another between its two parts. */
final class RebuiltDatabase {
    private final Connection source;
    private final Connection target;

    RebuiltDatabase(Connection source, Connection target) {
        this.source = source;
        this.target = target;
    }

    void rebuild(Catalog catalog) throws SQLException, IOException {
        SchemaPlan plan = SchemaPlan.of(catalog);
        run(SchemaPlan.SESSION);
        run(plan.beforeRows());
        copyRows(catalog.tables(), table -> !plan.naming().contains(table.id()));
        for (List<String> batch : plan.afterRows()) {
            run(batch.reversed()); // a batch's statements do not need each other
        }
        copyRows(catalog.tables(), table -> plan.naming().contains(table.id()));
        for (List<String> batch : plan.afterAllRows()) {
            run(batch.reversed());
        }
        RightsPlan rights =
                RightsPlan.of(catalog, TargetRoles.read(target), EnumSet.allOf(RightsPart.class));
        assertThat(rights.leftOut()).isEmpty();
        assertThat(rights.warnings()).isEmpty();
        run(rights.statements());
        run(plan.last());
        run(rights.last());
    }

    private void run(List<String> statements) throws SQLException {
        for (String text : statements) {
            try (Statement statement = target.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(text);
            } catch (SQLException e) {
                throw new SQLException(e.getMessage() + "\nin: " + text, e);
            }
        }
    }

    private void copyRows(List<Table> tables, Predicate<Table> which)
            throws SQLException, IOException {
        for (Table table : tables) {
            if (table.holdsRows() && table.extension().isEmpty() && which.test(table)) {
                copyRows(table);
            }
        }
    }

    private void copyRows(Table table) throws SQLException, IOException {
        String columns =
                table.stored().stream()
                        .map(Column::name)
                        .map(RebuiltDatabase::quoted)
                        .collect(Collectors.joining(", ", "(", ")"));
        if (table.stored().isEmpty()) {
            return;
        }
        String copy = "COPY " + quoted(table.schema()) + "." + quoted(table.name()) + columns;
        var rows = new ByteArrayOutputStream();
        source.unwrap(PGConnection.class).getCopyAPI().copyOut(copy + " TO STDOUT", rows);
        target.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(copy + " FROM STDIN", new ByteArrayInputStream(rows.toByteArray()));
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
