package dev.tidemark.replay.rewind;

import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.load.RowsChecksum;
import java.util.ArrayList;
import java.util.List;

/**
 * What a move did, after it was checked and committed.
 *
 * @param from where the database was
 * @param to where it is
 * @param tables those of which rows were changed, by name
 * @param notes what a person should know besides
 */
public record RewindReport(
        RestoreRecord from, RestoreRecord to, List<MovedTable> tables, List<String> notes) {
    /**
     * A table.
     *
     * @param name {@code schema.name}, unquoted
     * @param taken rows that were taken out
     * @param put rows that were put in
     * @param whole why all of its rows were loaded anew; empty when only those that differ were
     * @param checksum of all its rows now
     */
    public record MovedTable(
            String name, long taken, long put, String whole, RowsChecksum checksum) {}

    public RewindReport {
        tables = List.copyOf(tables);
        notes = List.copyOf(notes);
    }

    /** The same with more to know. */
    public RewindReport withNotes(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new RewindReport(from, to, tables, all);
    }

    /** Rows that were taken out, of all tables. */
    public long taken() {
        return tables.stream().mapToLong(MovedTable::taken).sum();
    }

    /** Rows that were put in, of all tables. */
    public long put() {
        return tables.stream().mapToLong(MovedTable::put).sum();
    }
}
