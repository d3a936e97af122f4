package dev.tidemark.replay.difference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.replay.rows.InsertScript;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * SQL that makes of a database at the first moment one at the second: one transaction, which fails
 * and changes nothing where a row is not what it should be. What differs is kept on local disk
 * until all of it is known. For one thread; used once.
 *
 * <p>Rows are deleted first and inserted last, so that a unique value can go from one to another.
 * Only rows that an update makes others name come before the updates, and those that it lets go of
 * stay until then.
 */
public final class Patch implements RowDifferences, AutoCloseable {
    private static final int NAMES_MAX = 5; // more would bury what else the message says

    private static final String HOW_TO_RUN =
            """
            Run it with: psql -v ON_ERROR_STOP=1 -f FILE DATABASE
            It is one transaction. A row that is not as at the first moment makes it fail, and nothing is changed. Of an
            updated row only the fields that differ must be so. It also fails where foreign keys would delete rows that
            are not listed here, or set fields of theirs, with those that it deletes. Triggers act as for any change. To
            keep them still, which only a superuser may, and which also leaves foreign keys unchecked, put this behind BEGIN:
            SET LOCAL session_replication_role = replica;
            """;

    /** Without a word of the search path they come first; triggers need the rest of it. */
    private static final String OWN_OPERATORS =
            """
            DO $tidemark$ -- the server's own operators come first
            BEGIN
              IF pg_catalog.array_position(pg_catalog.current_schemas(false), 'pg_catalog') OPERATOR(pg_catalog.>) 1 THEN
                PERFORM pg_catalog.set_config(
                  'search_path', pg_catalog.concat('pg_catalog, ', pg_catalog.current_setting('search_path')), true);
              END IF;
            END $tidemark$;
            """;

    private final Path temporary;
    private final Map<Long, PatchTable> tables = new HashMap<>();
    private Optional<Catalog> catalog = Optional.empty();
    private NamedRows left = new NamedRows(List.of()); // by updates
    private NamedRows reached = new NamedRows(List.of());
    private KeyOperators operators = new KeyOperators(Set.of());

    /**
     * @param temporary a folder for files; the caller deletes it
     */
    public Patch(Path temporary) {
        this.temporary = temporary;
    }

    @Override
    public void begin(List<SchemaChange> schema, Catalog there) {
        List<String> different =
                schema.stream().filter(Patch::isOfRows).map(Patch::describe).toList();
        if (!different.isEmpty()) {
            int more = different.size() - NAMES_MAX;
            throw TidemarkException.refused(
                    "tables differ between the two moments, and a patch changes rows alone: %s%s"
                            .formatted(
                                    String.join(
                                            "; ",
                                            different.subList(
                                                    0, Math.min(NAMES_MAX, different.size()))),
                                    more > 0 ? "; and " + more + " more" : ""),
                    "Choose two moments with the same tables, or name those that are the same by --table.");
        }
        catalog = Optional.of(there);
        left = new NamedRows(InsertScript.namings(there));
        reached = new NamedRows(InsertScript.namings(there));
        operators = KeyOperators.of(there);
    }

    /** What names what is known of the first moment's tables alone. */
    @Override
    public void toOtherCluster() {
        throw TidemarkException.refused(
                "the source is another cluster than at the first moment, and a patch from one to the other is not known",
                "Choose a first moment since the source is this cluster.");
    }

    @Override
    public void row(TablePair pair, MatchedColumns columns, RowDifference row) throws IOException {
        long id = number(pair);
        PatchTable of = tables.get(id);
        if (of == null) {
            of = new PatchTable(ofTarget(pair), columns, operators, temporary);
            tables.put(id, of);
        }
        Table table = of.table();
        if (row.before().isEmpty()) {
            of.insert(row.after().orElseThrow(), row.times());
        } else if (row.after().isEmpty()) {
            of.delete(row.before().get(), row.times());
        } else {
            of.update(row.before().get(), row.after().get());
            left.update(table, row.before().get(), row.after().get());
            reached.update(table, row.after().get(), row.before().get());
        }
    }

    /** That which a table has where the patch runs. */
    private static long number(TablePair pair) {
        return pair.from().orElseThrow().id();
    }

    /**
     * A table where the patch runs: as at the first moment, with its columns in the order of the
     * rows' fields. The columns themselves are the same at both.
     */
    private static Table ofTarget(TablePair pair) {
        Table there = pair.from().orElseThrow();
        return there.renamed(there.schema(), there.name(), pair.table().columns());
    }

    @Override
    public void end(TablePair pair) throws IOException {
        PatchTable of = tables.get(number(pair));
        if (of != null) {
            of.close();
        }
    }

    /**
     * Writes it, when it is known that there is one.
     *
     * @throws TidemarkException (refused) when it would be more than a server takes; nothing is
     *     written then
     */
    public void write(OutputStream out, Difference difference) throws IOException {
        Path whole = temporary.resolve("patch.sql");
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(whole))) {
            script(file, difference);
        }
        Files.copy(whole, out);
    }

    private void script(OutputStream out, Difference difference) throws IOException {
        line(out, header(difference));
        if (tables.isEmpty()) {
            return;
        }
        line(out, "BEGIN;");
        for (String setting : InsertScript.settings()) {
            line(out, "SET LOCAL " + setting + ";");
        }
        line(out, "SET LOCAL bytea_output = 'hex';");
        line(out, "SET LOCAL extra_float_digits = 1;");
        line(out, "SET LOCAL quote_all_identifiers = off;");
        out.write(OWN_OPERATORS.getBytes(UTF_8));
        boolean mayTakeOthers = FollowingRows.mayBe(tables.values());
        if (mayTakeOthers) {
            out.write(FollowingRows.BEFORE.getBytes(UTF_8));
        }
        List<List<PatchTable>> parentsFirst = groups();
        PatchScript script = new PatchScript(out);
        rows(out, script, parentsFirst);
        if (mayTakeOthers) {
            script.write(FollowingRows.after(tables.values()));
        }
        sequences(script, parentsFirst);
        line(out, "\nCOMMIT;");
    }

    private void rows(OutputStream out, PatchScript script, List<List<PatchTable>> parentsFirst)
            throws IOException {
        List<List<PatchTable>> childrenFirst = parentsFirst.reversed();
        left.spread(rows(childrenFirst, PatchTable::deleted));
        reached.spread(rows(childrenFirst, PatchTable::inserted));
        for (List<PatchTable> group : childrenFirst) {
            deletes(script, group, (table, row) -> !left.isNamed(table, row));
        }
        inserts(out, reached::isNamed);
        for (List<PatchTable> group : parentsFirst) {
            for (PatchTable table : group) {
                script.updates(table.updates());
            }
        }
        inserts(out, (table, row) -> !reached.isNamed(table, row));
        for (List<PatchTable> group : childrenFirst) {
            deletes(script, group, left::isNamed);
        }
    }

    /** No transaction takes back what is done to a sequence: they come last. */
    private static void sequences(PatchScript script, List<List<PatchTable>> parentsFirst)
            throws IOException {
        for (List<PatchTable> group : parentsFirst) {
            for (PatchTable table : group) {
                if (table.hasInserts()) {
                    script.sequences(table.table());
                }
            }
        }
    }

    /** Which rows of a table. */
    private interface Which {
        boolean is(Table table, List<Value> row);
    }

    /** Tables that name each other are in one group. */
    private List<List<PatchTable>> groups() {
        List<Table> byName =
                tables.values().stream()
                        .map(PatchTable::table)
                        .sorted(comparing(Table::displayName))
                        .toList();
        return InsertScript.order(catalog.orElseThrow(), byName).stream()
                .map(group -> group.stream().map(this::of).toList())
                .toList();
    }

    private PatchTable of(Table table) {
        return Objects.requireNonNull(tables.get(table.id()));
    }

    private static List<List<TableRows>> rows(
            List<List<PatchTable>> groups, Function<PatchTable, TableRows> rows) {
        return groups.stream().map(group -> group.stream().map(rows).toList()).toList();
    }

    private void inserts(OutputStream out, Which which) throws IOException {
        List<TableRows> rows = new ArrayList<>();
        for (PatchTable table : tables.values()) {
            PatchRows some = table.inserted().only(row -> which.is(table.table(), row));
            if (table.hasInserts() && some.areAny()) {
                rows.add(some);
            }
        }
        if (!rows.isEmpty()) {
            line(out, "");
            rows.sort(comparing(some -> some.table().displayName()));
            InsertScript.write(out, catalog.orElseThrow(), rows, PatchScript.OTHER_WAY);
        }
    }

    private void deletes(PatchScript script, List<PatchTable> group, Which which)
            throws IOException {
        List<PatchRows> rows =
                group.stream()
                        .map(table -> table.deleted().only(row -> which.is(table.table(), row)))
                        .toList();
        Table first = group.getFirst().table();
        if (group.size() == 1 && !InsertScript.isOfItself(catalog.orElseThrow(), first)) {
            deletes(script, first, rows.getFirst()::rows);
            return;
        }
        List<PatchRows> left =
                new ChildrenFirst(InsertScript.namings(catalog.orElseThrow()), rows, temporary)
                        .run((table, some) -> deletes(script, table, some));
        Map<Table, PatchScript.Steps> steps = new LinkedHashMap<>();
        left.forEach(
                some ->
                        steps.put(
                                some.table(),
                                sink -> of(some.table()).deletions(some::rows, sink)));
        script.deletesTogether(steps);
    }

    private void deletes(PatchScript script, Table table, WholeComparison.Rows rows)
            throws IOException {
        script.deletes(table, sink -> of(table).deletions(rows, sink));
    }

    private static String header(Difference difference) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "What makes of the database as of %s what it is as of %s."
                        .formatted(place(difference.from()), place(difference.to())));
        if (difference.tables().isEmpty()) {
            lines.add("No row differs.");
        } else {
            difference.tables().forEach(table -> lines.add("  " + counts(table)));
            lines.add("");
            HOW_TO_RUN.lines().forEach(lines::add);
        }
        if (!difference.schema().isEmpty()) {
            lines.add("");
            lines.add("Of the schema there differs, and is not changed by this:");
            difference.schema().forEach(change -> lines.add("  " + describe(change)));
        }
        return lines.stream()
                .map(line -> "-- " + line.replaceAll("\\p{Cntrl}", " "))
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"));
    }

    private static String counts(DifferingTable table) {
        return "%s: %d inserted, %d updated, %d deleted"
                .formatted(
                        table.table(),
                        table.inserted(),
                        table.updated() + table.softDeleted() + table.undeleted(),
                        table.deleted());
    }

    /** Does a change of the schema say something of rows? */
    private static boolean isOfRows(SchemaChange change) {
        return List.of("table", "column").contains(change.kind())
                && !change.change().equals(SchemaDifferences.ALTERED);
    }

    private static String describe(SchemaChange change) {
        return "%s %s: %s".formatted(change.kind(), change.name(), change.change());
    }

    private static String place(Difference.Place place) {
        return "%s (%s)"
                .formatted(
                        place.time(),
                        place.position().map(Object::toString).orElse(place.moment()));
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.write('\n');
    }

    @Override
    public void close() throws IOException {
        for (PatchTable of : tables.values()) {
            of.close();
        }
    }
}
