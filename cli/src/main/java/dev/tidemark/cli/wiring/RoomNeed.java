package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.plan.RestorePlan;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/**
 * How many bytes something takes.
 *
 * @param least it takes no less, whatever the rows are: where there is less, it is refused
 * @param guess it takes about as much: where there is less, somebody is told
 */
record RoomNeed(long least, long guess) {
    /** A server that holds nothing takes 40 MB. */
    private static final long EMPTY_SERVER_BYTES = 32L << 20;

    /** The same with its log, for as long as a checkpoint takes. */
    private static final long SERVER_BYTES = 200L << 20;

    /** What the change of a row takes in memory, about. */
    private static final long CHANGE_BYTES = 200;

    static final RoomNeed NOTHING = new RoomNeed(0, 0);

    RoomNeed {
        if (least > guess) {
            guess = least;
        }
    }

    /**
     * Of the rows at a plan's cut in a database; which of them are left there, nobody knows yet.
     */
    static RoomNeed ofDatabase(RestorePlan plan) {
        long bytes = sum(plan.baseFiles(), FileRef::bytes);
        long rows = sum(plan.baseFiles(), FileRef::rows) + plan.changes();
        return new RoomNeed(0, WrittenAs.DATABASE.guess(bytes, rows));
    }

    /** The same with a server of its own. */
    static RoomNeed ofServer(RestorePlan plan) {
        return new RoomNeed(EMPTY_SERVER_BYTES, SERVER_BYTES + ofDatabase(plan).guess());
    }

    /** Of rows that come as the archive has them. */
    static RoomNeed of(List<TableRows> tables, WrittenAs as) {
        return of(tables, as, RoomNeed::bytesLeft);
    }

    /** Of rows that come with other values, which may be shorter. */
    static RoomNeed ofMasked(List<TableRows> tables, WrittenAs as) {
        return of(tables, as, masked -> 0);
    }

    private static RoomNeed of(
            List<TableRows> tables, WrittenAs as, ToLongFunction<TableRows> bytesLeft) {
        long least = 0;
        long guess = 0;
        for (TableRows table : tables) {
            least += as.least(bytesLeft.applyAsLong(table), rowsLeft(table));
            guess +=
                    as.guess(
                            sum(table.files(), FileRef::bytes),
                            sum(base(table), FileRef::rows) + table.changes());
        }
        return new RoomNeed(least, guess);
    }

    /** Any of the changes may have deleted the largest row, or have taken a column away. */
    private static long bytesLeft(TableRows table) {
        List<FileRef> base = base(table);
        boolean isAsArchived =
                table.changes() == 0
                        && base.stream()
                                .allMatch(file -> file.version() == table.table().version());
        return isAsArchived ? sum(base, FileRef::bytes) : 0;
    }

    /** Each change deletes one row at most; a truncated table has no files any more. */
    private static long rowsLeft(TableRows table) {
        return Math.max(0, sum(base(table), FileRef::rows) - table.changes());
    }

    private static List<FileRef> base(TableRows table) {
        return table.files().stream().filter(file -> file.kind() == FileRef.Kind.BASE).toList();
    }

    /**
     * Of a temporary folder while a plan's changes are read: a segment's journal lies there as a
     * whole, and rows that changed when there are more of them than memory for them.
     *
     * @param memory bytes that those may take
     */
    static RoomNeed ofReading(RestorePlan plan, long memory) {
        long least =
                largest(
                        plan.segments().stream()
                                .flatMap(segment -> segment.file(FileRef.Kind.JOURNAL).stream())
                                .mapToLong(FileRef::bytes));
        boolean isSpilling = plan.changes() * CHANGE_BYTES > memory;
        long spilled =
                isSpilling ? plan.segments().stream().mapToLong(Manifest::dataBytes).sum() : 0;
        return new RoomNeed(least, least + spilled);
    }

    /** Of a temporary folder while rows are read: each file lies there as a whole. */
    static RoomNeed ofReading(List<TableRows> tables) {
        long least =
                largest(
                        tables.stream()
                                .flatMap(table -> table.files().stream())
                                .mapToLong(FileRef::bytes));
        return new RoomNeed(least, least);
    }

    /** Of both, one after the other. */
    RoomNeed larger(RoomNeed other) {
        return new RoomNeed(Math.max(least, other.least), Math.max(guess, other.guess));
    }

    private static long largest(LongStream bytes) {
        return bytes.max().orElse(0);
    }

    private static long sum(List<FileRef> files, ToLongFunction<FileRef> of) {
        return files.stream().mapToLong(of).sum();
    }
}
