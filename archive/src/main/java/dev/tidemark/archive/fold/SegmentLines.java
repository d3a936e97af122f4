package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangesReader;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables of a merged segment of which each row's line says enough, so that its changes need not
 * be sorted back into commit order: those of which nothing but their rows changed in it. For one
 * thread; used once.
 */
final class SegmentLines {
    private static final int LINES_PER_LOOK = 0x3FFF;

    private final Archive archive;
    private final Manifest segment;
    private final int transactions;
    private final boolean isAhead;
    private final Path temporary;
    private final Set<Long> others = new HashSet<>(); // of which more is said than rows

    /**
     * @param transactions those of the segment that count, from its first
     * @param isAhead is there room for what one thread reads while another takes it?
     */
    SegmentLines(
            Archive archive, Manifest segment, int transactions, boolean isAhead, Path temporary) {
        this.archive = archive;
        this.segment = segment;
        this.transactions = transactions;
        this.isAhead = isAhead;
        this.temporary = temporary;
    }

    /** Takes what is read. */
    interface Sink {
        /** What became of a row; the row that waits for its key, if it does. */
        Optional<Overlay.Arrival> line(TableFold table, RowLine line) throws IOException;

        /** A table reads the file later. */
        void deferred(FileRef file);

        /** A row that waited. */
        void arrival(TableFold table, Overlay.Arrival row) throws IOException;
    }

    /**
     * Reads the lines of tables.
     *
     * @param tables those that are wanted, if they can be read so
     * @return those whose changes were read
     */
    Set<Long> read(Map<Long, TableFold> tables, Sink sink) throws IOException {
        if (segment.kind() != Manifest.Kind.MERGED_SEGMENT || transactions == 0) {
            return Set.of();
        }
        Map<Long, List<FileRef>> files =
                segment.files().stream()
                        .filter(file -> file.kind() == FileRef.Kind.CHANGES)
                        .filter(file -> tables.containsKey(file.table()))
                        .collect(Collectors.groupingBy(FileRef::table));
        if (files.isEmpty() || !noteOthers()) {
            return Set.of();
        }
        Set<Long> done = new HashSet<>();
        for (Map.Entry<Long, List<FileRef>> of : files.entrySet()) {
            TableFold table = Objects.requireNonNull(tables.get(of.getKey()));
            if (isToldByRows(table.table(), of.getValue())) {
                take(sorted(of.getValue()), table, sink);
                done.add(of.getKey());
            }
        }
        return done;
    }

    private void take(List<FileRef> parts, TableFold table, Sink sink) throws IOException {
        for (FileRef part : parts) {
            // Several tell that many rows got another key, which would all be in memory.
            if (parts.size() == 1 && table.defer(new LineFile(part, transactions))) {
                sink.deferred(part);
            } else {
                read(part, table, sink);
            }
        }
    }

    private boolean isToldByRows(Table table, List<FileRef> files) {
        return !others.contains(table.id())
                && files.stream().allMatch(file -> file.version() == table.version());
    }

    /** The number at the end of their names says which comes first. */
    private static List<FileRef> sorted(List<FileRef> parts) {
        return parts.stream().sorted(Comparator.comparing(FileRef::name)).toList();
    }

    /** What the journal says of tables; false when it says something of all. */
    private boolean noteOthers() throws IOException {
        try (SegmentChanges rest =
                SegmentChanges.open(archive, segment, SegmentChanges.Wanted.NO_ROWS, temporary)) {
            while (rest.hasNext()) {
                Change change = rest.next();
                if (change.transaction() < transactions && !noteOthers(change.entry())) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean noteOthers(Entry entry) {
        switch (entry) {
            // One that read the whole catalog tells of every table that is not as it was said to
            // be.
            case Entry.Schema schema -> {
                CatalogChange said = CatalogChange.read(schema.content());
                said.tables().forEach(table -> others.add(table.id()));
                others.addAll(said.rewritten());
                others.addAll(said.restated());
                others.addAll(said.dropped());
            }
            case Entry.Truncate truncate -> others.addAll(truncate.tables());
            case Entry.Message message -> {
                return !Doubts.speaksOf(message);
            }
            default -> {} // says nothing of rows
        }
        return true;
    }

    private void read(FileRef file, TableFold table, Sink sink) throws IOException {
        Path local = archive.fetch(file, temporary);
        List<Overlay.Arrival> waiting = new ArrayList<>();
        Pipe.End<RowLine> end = line -> sink.line(table, line).ifPresent(waiting::add);
        try (ChangesReader changes = table.linesOf(local, transactions)) {
            RowLine.Reader lines = new RowLine.Reader(changes, transactions);
            if (isAhead) {
                try (Pipe<RowLine> pipe = Pipe.ofLines(end)) {
                    pass(lines, pipe::add);
                    pipe.finish();
                }
            } else {
                pass(lines, end);
            }
        } finally {
            Files.deleteIfExists(local);
        }
        for (Overlay.Arrival row : waiting) {
            sink.arrival(table, row);
        }
    }

    private static void pass(RowLine.Reader lines, Pipe.End<RowLine> end) throws IOException {
        for (long n = 0; lines.hasNext(); n++) {
            if ((n & LINES_PER_LOOK) == 0) {
                checkGoesOn();
            }
            end.take(lines.next());
        }
    }

    private static void checkGoesOn() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while changes were read");
        }
    }
}
