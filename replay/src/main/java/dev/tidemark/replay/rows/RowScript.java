package dev.tidemark.replay.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.export.PublishedFile;
import dev.tidemark.replay.keys.DeclaredKeys;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
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
    /** What decides how a text is read; for this transaction alone. */
    static final List<String> SETTINGS =
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
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file.create()))) {
            line(out, header(chosen));
            line(out, "BEGIN;");
            for (String setting : SETTINGS) {
                line(out, "SET LOCAL " + setting + ";");
            }
            Inserts inserts = new Inserts(out, catalog, progress);
            if (inserts.areDeferrable(chosen.tables())) {
                line(out, "SET CONSTRAINTS ALL IMMEDIATE;"); // a row that is there shows at once
            }
            for (List<Chosen.ChosenTable> together : inOrder) {
                line(out, "");
                Chosen.ChosenTable first = together.getFirst();
                if (together.size() == 1 && !InsertOrder.isOfItself(catalog, first.table())) {
                    inserts.alone(first);
                } else {
                    inserts.together(together);
                }
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

    private static void line(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.write('\n');
    }
}
