package dev.tidemark.replay.query;

import dev.tidemark.replay.duckdb.LimitedDuckDb;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes tables as SQL sees them, with what happened to them, as Parquet, and the statements that
 * make views of these files in any DuckDB. For one thread; used once.
 */
public final class ViewFiles {
    /** The file with the statements. */
    public static final String SCRIPT = "views.sql";

    private final ArchiveSql answers;
    private final Limits limits;
    private final Set<String> names = new HashSet<>(); // of files, in lower case
    private final List<Path> written = new ArrayList<>(); // perhaps
    private final Set<String> schemas = new LinkedHashSet<>();
    private final List<String> views = new ArrayList<>();

    /**
     * Prepares it.
     *
     * @param limits of each file
     */
    public ViewFiles(ArchiveSql answers, Limits limits) {
        this.answers = answers;
        this.limits = limits;
    }

    /**
     * Writes all, or, when that fails, nothing.
     *
     * @param tables by any name that SQL may give them; none for all that there are
     * @param folder that is there and empty
     * @return the statements
     * @throws TidemarkException when there is no such table, or its rows are not known
     */
    public String write(List<String> tables, Path folder) throws IOException {
        boolean isDone = false;
        try {
            String script = script(tables, folder);
            Files.writeString(written(folder, SCRIPT), script);
            isDone = true;
            return script;
        } finally {
            if (!isDone) {
                for (Path file : written) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private String script(List<String> wanted, Path folder) throws IOException {
        SourceTables there = answers.tables();
        for (SourceTable table : wanted.isEmpty() ? there.all() : named(wanted, there)) {
            add(path(table.schema(), table.name()), table.path(), folder, table.displayName());
            String name = there.isOnly(table) ? table.name() : table.displayName();
            add(
                    path(SourceTables.HISTORY, name),
                    SourceTables.HISTORY + "." + table.path(),
                    folder,
                    SourceTables.HISTORY + "." + table.displayName());
        }
        String transactions = SourceTables.TRANSACTIONS;
        add(LimitedDuckDb.name(transactions), transactions, folder, transactions);
        return "-- Tables as of %s%s; what happened to them up to there, or to --until.\n"
                        .formatted(answers.plan().cut().position(), committed())
                + String.join("", schemas)
                + String.join("", views);
    }

    private String committed() {
        return answers.plan()
                .cut()
                .last()
                .map(last -> ", committed " + last.commitTime())
                .orElse("");
    }

    private static List<SourceTable> named(List<String> wanted, SourceTables there) {
        Set<SourceTable> tables = new LinkedHashSet<>();
        for (String name : wanted) {
            int dot = name.indexOf('.');
            TableName table =
                    new TableName(
                            "", dot < 0 ? "" : name.substring(0, dot), name.substring(dot + 1));
            switch (there.find(table).orElseThrow(() -> there.unknown(table))) {
                case Reference.Rows rows -> tables.add(rows.table());
                case Reference.History history -> tables.add(history.table());
                case Reference.Transactions of -> {} // they are always there
                case Reference.Names of -> throw there.unknown(table);
            }
        }
        return List.copyOf(tables);
    }

    /** Of a view, whose schema is made if need be. */
    private String path(String schema, String name) {
        schemas.add("CREATE SCHEMA IF NOT EXISTS %s;\n".formatted(LimitedDuckDb.name(schema)));
        return LimitedDuckDb.name(schema) + "." + LimitedDuckDb.name(name);
    }

    private void add(String view, String source, Path folder, String name) throws IOException {
        Path file = written(folder, free(name) + ".parquet");
        answers.write("SELECT * FROM " + source, file, limits);
        views.add(
                "CREATE OR REPLACE VIEW %s AS FROM read_parquet(%s);\n"
                        .formatted(view, LimitedDuckDb.text(file.toString())));
    }

    private String free(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_.-]", "_").replaceAll("^\\.+", "_");
        String free = plain;
        for (int n = 1; !names.add(free.toLowerCase(Locale.ROOT)); n++) {
            free = plain + "-" + n;
        }
        return free;
    }

    private Path written(Path folder, String name) {
        Path file = folder.resolve(name);
        written.add(file);
        return file;
    }
}
