package dev.tidemark.replay.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.export.PublishedFile;
import dev.tidemark.replay.keys.DeclaredKeys;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Chosen rows as a script that brings them back into a database that lives on: one transaction of
 * INSERTs, parents first, which leaves rows that are there as they are. Any client can run it. For
 * one thread; used once.
 */
public final class RowScript {
    private static final int ROWS_A_STATEMENT = 200; // a statement that fails can still be read

    /** What decides how a text is read; for this transaction alone. */
    private static final List<String> SETTINGS =
            List.of(
                    "client_encoding = 'UTF8'",
                    "standard_conforming_strings = on",
                    "datestyle = 'ISO, MDY'",
                    "intervalstyle = 'postgres'",
                    "timezone = 'UTC'",
                    "lc_monetary = 'C'",
                    "xmloption = 'content'",
                    "array_nulls = on");

    private final ArchiveIdentity source;
    private final RestorePlan plan;
    private final Catalog catalog;
    private final RowRequest request;
    private final LongConsumer progress;

    /**
     * Prepares it.
     *
     * @param source whose rows they are
     * @param plan what was folded
     * @param catalog its schema
     * @param request what was asked for
     * @param progress hears how many more rows were written
     */
    public RowScript(
            ArchiveIdentity source,
            RestorePlan plan,
            Catalog catalog,
            RowRequest request,
            LongConsumer progress) {
        this.source = source;
        this.plan = plan;
        this.catalog = catalog;
        this.request = request;
        this.progress = progress;
    }

    /** Writes and publishes it. */
    public FileReport write(PublishedFile file, Chosen chosen) throws IOException {
        List<List<Chosen.ChosenTable>> inOrder = InsertOrder.of(catalog, chosen.tables());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file.path()))) {
            line(out, header(chosen));
            line(out, "BEGIN;");
            for (String setting : SETTINGS) {
                line(out, "SET LOCAL " + setting + ";");
            }
            for (List<Chosen.ChosenTable> together : inOrder) {
                line(out, "");
                write(out, together);
            }
            line(out, "\nCOMMIT;");
        }
        file.publish();
        return FileReport.of(
                plan,
                file.target().toString(),
                chosen.tables().stream()
                        .map(
                                one ->
                                        new FileReport.WrittenTable(
                                                one.table().displayName(), one.rows()))
                        .toList(),
                List.of(),
                repeated(chosen).stream()
                        .map(
                                name ->
                                        name
                                                + " has no key: its rows come again each time the script is run")
                        .toList());
    }

    private String header(Chosen chosen) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Rows of the database %s (%s) as of %s, position %s, of Tidemark's archive."
                        .formatted(
                                source.database(),
                                source.source(),
                                FileReport.commitTime(plan),
                                plan.cut().position()));
        lines.add("Asked for: %s WHERE %s".formatted(request.table(), request.where()));
        request.related()
                .ifPresent(
                        related ->
                                lines.add(
                                        "and what belongs to them, %s, with the parents of all."
                                                .formatted(
                                                        related.depth().isEmpty()
                                                                ? "however far"
                                                                : related.depth().getAsInt()
                                                                        + " steps far")));
        lines.add("");
        chosen.tables()
                .forEach(
                        one ->
                                lines.add(
                                        "  %8d %s"
                                                .formatted(one.rows(), one.table().displayName())));
        lines.add("");
        lines.add("Run it with: psql -v ON_ERROR_STOP=1 -f FILE DATABASE");
        lines.add(
                "It is one transaction. A row whose key, or another unique value, is there already stays as it is there");
        lines.add(
                "('INSERT 0 0'). Triggers act as for any INSERT. To keep them still, which only a superuser may, and which also");
        lines.add(
                "leaves foreign keys unchecked, put this behind BEGIN: SET LOCAL session_replication_role = replica;");
        repeated(chosen)
                .forEach(
                        name ->
                                lines.add(
                                        "Run it once: %s has no key, and takes its rows again each time."
                                                .formatted(name)));
        return lines.stream()
                .flatMap(String::lines)
                .map(line -> ("-- " + line).stripTrailing())
                .collect(Collectors.joining("\n"));
    }

    private List<String> repeated(Chosen chosen) {
        DeclaredKeys keys = DeclaredKeys.of(catalog);
        return chosen.tables().stream()
                .map(Chosen.ChosenTable::table)
                .filter(table -> table.key().isEmpty() && !keys.primary().containsKey(table.id()))
                .map(Table::displayName)
                .toList();
    }

    /** Tables that name each other go into one statement: foreign keys are checked at its end. */
    private void write(OutputStream out, List<Chosen.ChosenTable> together) throws IOException {
        if (together.size() == 1 && !InsertOrder.isOfItself(catalog, together.getFirst().table())) {
            insert(out, together.getFirst(), ROWS_A_STATEMENT);
            line(out, ";");
            return;
        }
        for (int i = 0; i < together.size(); i++) {
            boolean isLast = i == together.size() - 1;
            if (!isLast) {
                line(out, (i == 0 ? "WITH " : ", ") + "part_" + i + " AS (");
            }
            insert(out, together.get(i), Integer.MAX_VALUE);
            line(out, isLast ? ";" : ")");
        }
    }

    private void insert(OutputStream out, Chosen.ChosenTable chosen, int rowsMax)
            throws IOException {
        Table table = chosen.table();
        long[] rows = {0};
        chosen.source()
                .rows(
                        row -> {
                            boolean isFirst = rows[0]++ % rowsMax == 0;
                            if (isFirst && rows[0] > 1) {
                                line(out, " ON CONFLICT DO NOTHING;");
                            }
                            if (isFirst) {
                                line(out, head(table));
                            } else {
                                line(out, ",");
                            }
                            tuple(out, row);
                            progress.accept(1);
                        });
        out.write("\n ON CONFLICT DO NOTHING".getBytes(UTF_8));
    }

    private static String head(Table table) {
        List<Column> columns = table.stored();
        return "INSERT INTO %s%s%s VALUES"
                .formatted(
                        name(table.schema()) + "." + name(table.name()),
                        columns.isEmpty()
                                ? ""
                                : columns.stream()
                                        .map(column -> name(column.name()))
                                        .collect(Collectors.joining(", ", " (", ")")),
                        columns.stream().anyMatch(column -> column.identity().equals("a"))
                                ? " OVERRIDING SYSTEM VALUE"
                                : "");
    }

    private static void tuple(OutputStream out, List<Value> row) throws IOException {
        out.write('(');
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                out.write(',');
                out.write(' ');
            }
            Value value = row.get(i);
            String text = value == Value.Mark.NULL ? "NULL" : text(value.toString());
            out.write(text.getBytes(UTF_8));
        }
        out.write(')');
    }

    private static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A backslash is one, by the transaction's setting. */
    private static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.write('\n');
    }
}
