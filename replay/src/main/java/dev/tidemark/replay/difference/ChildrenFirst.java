package dev.tidemark.replay.difference;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.replay.rows.InsertScript.Naming;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of tables that name each other, in an order in which they can be deleted one by one: first
 * those that no other one names, then those that only these named, and so on. Keeps in memory what
 * the rows name, and the rows themselves in files. For one thread; used once.
 */
final class ChildrenFirst {
    /**
     * All rows that are left are read for each step of the way from the leaves of a tree to its
     * root, in the worst case. What is deeper is left over.
     */
    private static final int READINGS_MAX = 64;

    private final List<Naming> namings;
    private final Path folder;
    private final NamingFields fields = new NamingFields();
    private final Map<Naming, Map<List<Value>, Integer>> named = new HashMap<>();
    private List<PatchRows> left;

    /** Takes rows of a table that can be deleted, to be read at once. */
    interface Sink {
        void deletable(Table table, WholeComparison.Rows rows) throws IOException;
    }

    /**
     * Reads what the rows name.
     *
     * @param namings of the schema
     * @param rows those of each table
     * @param folder for files; the caller deletes it
     */
    ChildrenFirst(List<Naming> namings, List<PatchRows> rows, Path folder) throws IOException {
        List<Long> tables = rows.stream().map(one -> one.table().id()).toList();
        this.namings =
                namings.stream()
                        .filter(one -> tables.contains(one.child()))
                        .filter(one -> tables.contains(one.parent()))
                        .toList();
        this.folder = folder;
        this.left = List.copyOf(rows);
        for (PatchRows one : rows) {
            one.rows(row -> count(one.table(), row, 1));
        }
    }

    private void count(Table table, List<Value> row, int more) {
        for (Naming naming : namings) {
            if (naming.child() == table.id()) {
                List<Value> values = fields.of(table, naming.columns(), row);
                boolean isItself =
                        naming.parent() == table.id()
                                && values.equals(fields.of(table, naming.parentColumns(), row));
                if (!isItself && !values.contains(Value.Mark.NULL)) {
                    named.computeIfAbsent(naming, any -> new HashMap<>())
                            .merge(values, more, Integer::sum);
                }
            }
        }
    }

    private boolean isNamed(Table table, List<Value> row) {
        return namings.stream()
                .filter(naming -> naming.parent() == table.id())
                .anyMatch(
                        naming ->
                                named.getOrDefault(naming, Map.of())
                                                .getOrDefault(
                                                        fields.of(
                                                                table, naming.parentColumns(), row),
                                                        0)
                                        > 0);
    }

    /**
     * Passes them on in that order.
     *
     * @return those that are left over: they name each other in a ring, or are very deep
     */
    List<PatchRows> run(Sink sink) throws IOException {
        boolean isMore = true;
        for (int n = 0; n < READINGS_MAX && isMore; n++) {
            isMore = false;
            List<PatchRows> next = new ArrayList<>();
            for (PatchRows rows : left) {
                Pass pass = new Pass(rows, file(rows.table(), n));
                sink.deletable(rows.table(), pass::rows);
                isMore |= pass.wereSome;
                next.add(pass.others());
            }
            left = next;
        }
        return left;
    }

    private Path file(Table table, int reading) throws IOException {
        Path file = folder.resolve("patch-%d-left-%d.parquet".formatted(table.id(), reading % 2));
        Files.deleteIfExists(file); // the one that is read is the other one
        return file;
    }

    /** One reading of one table's rows. */
    private final class Pass {
        private final PatchRows rows;
        private final Path file;
        private boolean wereSome;

        Pass(PatchRows rows, Path file) {
            this.rows = rows;
            this.file = file;
        }

        void rows(RowSink deletable) throws IOException {
            BaseWriter others = BaseWriter.create(file, rows.table());
            try {
                rows.rows(
                        row -> {
                            if (isNamed(rows.table(), row)) {
                                others.add(row);
                            } else {
                                count(rows.table(), row, -1);
                                wereSome = true;
                                deletable.row(row);
                            }
                        });
            } finally {
                others.close();
            }
        }

        PatchRows others() {
            return new PatchRows(rows.table(), file, row -> true);
        }
    }
}
