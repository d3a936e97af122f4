package dev.tidemark.replay.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.catalog.TextForm;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A database as a script for {@code psql}: the schema without owners and rights, and rows by COPY,
 * or rows alone. For one thread.
 */
public final class SqlScript implements AutoCloseable {
    private final OutputStream out;
    private final SchemaPlan schema;
    private final List<String> sequences;
    private final List<String> rowSecurity;
    private final boolean hasSchema;

    private SqlScript(OutputStream out, Catalog catalog, boolean hasSchema) {
        this.out = out;
        this.schema = SchemaPlan.of(catalog);
        this.sequences = OwnedSequences.statements(catalog);
        this.rowSecurity =
                Stream.concat(
                                TableDetails.rowSecurity(catalog).stream(),
                                TableDetails.forcedRowSecurity(catalog).stream())
                        .toList();
        this.hasSchema = hasSchema;
    }

    /** Starts a file, which must not exist, with all that comes before rows. */
    public static SqlScript create(Path path, Catalog catalog, boolean hasSchema)
            throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(path));
        SqlScript script = new SqlScript(out, catalog, hasSchema);
        script.line("\\set ON_ERROR_STOP on");
        script.line("SET client_encoding = 'UTF8';");
        for (String statement : SchemaPlan.SESSION) {
            script.statement(statement);
        }
        for (var setting : TextForm.SETTINGS.entrySet()) {
            if (!setting.getKey().equals("search_path")) {
                script.statement("SET %s = '%s'".formatted(setting.getKey(), setting.getValue()));
            }
        }
        script.statements(script.schema.beforeRows());
        return script;
    }

    /** Those whose rows come before indexes and constraints. */
    public List<TableRows> loadedFirst(List<TableRows> tables) {
        return tables.stream().filter(source -> !isNaming(source.table())).toList();
    }

    /** Those whose rows name objects that are made after the other rows. */
    public List<TableRows> loadedLast(List<TableRows> tables) {
        return tables.stream().filter(source -> isNaming(source.table())).toList();
    }

    private boolean isNaming(Table table) {
        return schema.naming().contains(table.id());
    }

    /** The rows of a table; how many there are. */
    public long rows(TableRows source, LongConsumer progress) throws IOException {
        Table table = source.table();
        List<Column> columns = table.stored();
        line(
                "COPY %s (%s) FROM stdin;"
                        .formatted(
                                Quoted.name(table.schema(), table.name()),
                                columns.stream()
                                        .map(column -> Quoted.name(column.name()))
                                        .collect(Collectors.joining(", "))));
        CopyText text = new CopyText(this::write);
        long[] rows = {0};
        source.rows(
                row -> {
                    text.add(row);
                    text.endRow();
                    rows[0]++;
                    progress.accept(1);
                });
        write(text);
        line("\\.");
        return rows[0];
    }

    private void write(CopyText text) throws IOException {
        out.write(text.bytes(), 0, text.length());
        text.clear();
    }

    /** Indexes, constraints and all else that comes after the rows of most tables. */
    public void afterRows() throws IOException {
        for (List<String> batch : schema.afterRows()) {
            statements(batch);
        }
    }

    /** All that is left. */
    public void finish() throws IOException {
        for (List<String> batch : schema.afterAllRows()) {
            statements(batch);
        }
        statements(sequences);
        statements(rowSecurity);
        statements(schema.last());
    }

    private void statements(List<String> statements) throws IOException {
        if (hasSchema) {
            for (String statement : statements) {
                statement(statement);
            }
        }
    }

    private void statement(String statement) throws IOException {
        line(statement.endsWith(";") ? statement : statement + ";");
    }

    private void line(String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.write('\n');
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
