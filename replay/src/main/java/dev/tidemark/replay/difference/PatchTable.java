package dev.tidemark.replay.difference;

import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.replay.load.Quoted;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a patch does to one table, in local files until all is known. For one thread. */
final class PatchTable implements AutoCloseable {
    private final Table table;
    private final MatchedColumns columns;
    private final KeyOperators operators;
    private final PatchSteps updates;
    private final BaseWriter deletes;
    private final BaseWriter inserts;
    private final Path deleted;
    private final Path inserted;
    private boolean isClosed;

    /**
     * @param columns the table's own, since it is the same at both moments
     * @param operators by which its keys are compared
     * @param folder for files; the caller deletes it
     */
    PatchTable(Table table, MatchedColumns columns, KeyOperators operators, Path folder)
            throws IOException {
        this.table = table;
        this.columns = columns;
        this.operators = operators;
        String name = "patch-" + table.id();
        this.deleted = folder.resolve(name + "-deletes.parquet");
        this.inserted = folder.resolve(name + "-inserts.parquet");
        this.updates = new PatchSteps(folder.resolve(name + "-updates"));
        this.deletes = BaseWriter.create(deleted, table);
        this.inserts = BaseWriter.create(inserted, table);
    }

    Table table() {
        return table;
    }

    void insert(List<Value> row, long times) throws IOException {
        for (long n = 0; n < times; n++) {
            inserts.add(row);
        }
    }

    void delete(List<Value> row, long times) throws IOException {
        for (long n = 0; n < times; n++) {
            deletes.add(row);
        }
    }

    void update(List<Value> before, List<Value> after) throws IOException {
        List<String> set = new ArrayList<>();
        List<String> is = new ArrayList<>(List.of(PatchText.isKey(columns, operators, before)));
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).equals(after.get(i))) {
                Column column = columns.columns().get(i).column();
                requireSettable(column);
                set.add(Quoted.name(column.name()) + " = " + PatchText.literal(after.get(i)));
                is.add(PatchText.has("t", column, before.get(i)));
            }
        }
        String sql =
                "UPDATE ONLY %s AS t SET %s WHERE %s"
                        .formatted(
                                PatchText.name(table),
                                String.join(", ", set),
                                String.join(" AND ", is));
        updates.add(new PatchSteps.Step(describe(before), sql, 1));
    }

    /** What is always generated may be inserted, but no UPDATE may say what it is. */
    private void requireSettable(Column column) {
        if (column.identity().equals("a")) {
            throw TidemarkException.refused(
                    "rows of %s differ in %s, which is GENERATED ALWAYS AS IDENTITY: no UPDATE can set it"
                            .formatted(table.displayName(), column.name()),
                    "Leave the table out by naming the others with --table, or move a restored database by 'tidemark rewind'.");
        }
    }

    private String describe(List<Value> row) {
        return table.displayName()
                + " "
                + columns.keyOf(row).stream().map(Value::toString).collect(Collectors.joining(","));
    }

    PatchSteps updates() {
        return updates;
    }

    /** The rows that are inserted. */
    PatchRows inserted() {
        return new PatchRows(table, inserted, row -> true);
    }

    /** The rows that are deleted. */
    PatchRows deleted() {
        return new PatchRows(table, deleted, row -> true);
    }

    /** How many rows it deletes. */
    long deletions() {
        return deletes.rows();
    }

    boolean hasInserts() {
        return inserts.rows() > 0;
    }

    /** How some of them are deleted; equal rows, which follow each other, at once. */
    void deletions(WholeComparison.Rows rows, PatchSteps.Sink sink) throws IOException {
        Run run = new Run(sink);
        rows.to(run::add);
        run.end();
    }

    /** Equal rows on their way. */
    private final class Run {
        private final PatchSteps.Sink sink;
        private List<Value> row = List.of();
        private long times;

        Run(PatchSteps.Sink sink) {
            this.sink = sink;
        }

        void add(List<Value> next) throws IOException {
            if (times > 0 && !next.equals(row)) {
                end();
            }
            row = next;
            times++;
        }

        void end() throws IOException {
            if (times > 0) {
                sink.step(deletion(row, times));
            }
            times = 0;
        }
    }

    private PatchSteps.Step deletion(List<Value> row, long times) {
        if (columns.key().isEmpty()) {
            return withoutKey(row, times);
        }
        List<String> is = new ArrayList<>(List.of(PatchText.isKey(columns, operators, row)));
        is.addAll(PatchText.hasRest("t", columns, row));
        return new PatchSteps.Step(describe(row), String.join(" AND ", is), 1);
    }

    /** Somebody may change a row between its being found and its being deleted. */
    private PatchSteps.Step withoutKey(List<Value> row, long times) {
        List<String> is = PatchText.hasRest("o", columns, row);
        String found =
                "t.ctid = ANY (ARRAY(SELECT o.ctid FROM ONLY %s AS o%s LIMIT %d))"
                        .formatted(
                                PatchText.name(table),
                                is.isEmpty() ? "" : " WHERE " + String.join(" AND ", is),
                                times);
        List<String> conditions = new ArrayList<>(List.of(found));
        conditions.addAll(PatchText.hasRest("t", columns, row));
        return new PatchSteps.Step(
                "a row of " + table.displayName(), String.join(" AND ", conditions), times);
    }

    @Override
    public void close() throws IOException {
        if (!isClosed) {
            isClosed = true;
            updates.close();
            deletes.close();
            inserts.close();
        }
    }
}
