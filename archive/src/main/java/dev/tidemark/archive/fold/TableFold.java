package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.parquet.BaseReader;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * One table on its way from its base to the cut. Changes come in commit order; then its rows are
 * passed on once.
 *
 * <p>Memory grows with the rows that changed, not with those of the base, until {@link #settle}.
 * For one thread at a time.
 */
public final class TableFold {
    private static final AtomicLong INTERMEDIATE = new AtomicLong();

    private final BaseFiles files;
    private final Path temporary;
    private final Map<Integer, Value> added = new HashMap<>(); // what older rows have, by column id
    private Table table;
    private int fields; // of its rows
    private List<BaseFile> base;
    private Overlay overlay;
    private boolean isAsBase = true;
    private long changes;

    TableFold(Table table, List<BaseFile> base, BaseFiles files, Path temporary) {
        this.table = table;
        this.fields = table.stored().size();
        this.base = List.copyOf(base);
        this.files = files;
        this.temporary = temporary;
        this.overlay = Overlay.of(table);
    }

    /** The table as it is now. */
    public Table table() {
        return table;
    }

    /** How many changes it took. */
    public long changes() {
        return changes;
    }

    void apply(Entry.Row row, int version) {
        if (version != table.version()) {
            throw broken(
                    "a change is of version "
                            + version
                            + ", and the catalog is at "
                            + table.version());
        }
        if (row.after().size() + row.before().size() > 0
                && Math.max(row.after().size(), row.before().size()) != fields) {
            throw broken("a change has " + row.after().size() + " fields");
        }
        try {
            overlay.apply(row);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw broken(TidemarkException.reason(e));
        }
        changes++;
        isAsBase = false;
    }

    /**
     * Takes what became of a row in a merged segment.
     *
     * @return a row that is to {@link #arrive} when all of the file were taken
     */
    Optional<Overlay.Arrival> apply(RowLine line) {
        if (line.first().size() != fields) {
            throw broken("a change has " + line.first().size() + " fields");
        }
        changes += line.changes();
        isAsBase = false;
        try {
            return overlay.apply(line);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw broken(TidemarkException.reason(e));
        }
    }

    void arrive(Overlay.Arrival row) {
        try {
            overlay.arrive(row);
        } catch (IllegalStateException e) {
            throw broken(TidemarkException.reason(e));
        }
    }

    /** The archive's files whose rows are the table's, when no row has changed since. */
    public Optional<List<FileRef>> unchangedFiles() {
        List<FileRef> there = baseFiles();
        return isAsBase && there.size() == base.size() ? Optional.of(there) : Optional.empty();
    }

    /** Forgets all so far: the table's rows are those of a base that has its present version. */
    void startFrom(List<FileRef> rows) {
        base = new ArrayList<>();
        for (FileRef file : rows) {
            if (file.version() != table.version()) {
                throw broken(
                        "a base is of version %d, and the catalog is at %d"
                                .formatted(file.version(), table.version()));
            }
            base.add(new BaseFile.Archived(file, table));
        }
        overlay = Overlay.of(table);
        isAsBase = true;
    }

    void truncate() {
        base = List.of();
        overlay = Overlay.of(table);
        isAsBase = true;
    }

    /** The table has another version from here on. */
    void reshape(Table next) throws IOException {
        addColumns(next);
        if (next.key().equals(table.key())) {
            overlay.reshape(new ShapeChange(table, next, added), next);
            become(next);
            return;
        }
        settle(); // rows are told apart in another way now
        become(next);
        overlay = Overlay.of(next);
    }

    private void become(Table next) {
        table = next;
        fields = next.stored().size();
    }

    /** About how much memory the changes take. */
    long bytes() {
        return overlay.bytes();
    }

    /** The rows up to here become a base of their own, on local disk, and take no memory. */
    void settle() throws IOException {
        Path file =
                temporary.resolve(
                        "fold-" + table.id() + "-" + INTERMEDIATE.incrementAndGet() + ".parquet");
        BaseWriter writer = BaseWriter.create(file, table);
        List<FileRef> unchanged;
        try {
            unchanged = changedRows(any -> true, writer::add);
        } catch (IOException | RuntimeException e) {
            writer.discard();
            throw e;
        }
        List<BaseFile> next =
                new ArrayList<>(
                        base.stream()
                                .filter(one -> present(one).filter(unchanged::contains).isPresent())
                                .toList());
        next.add(new BaseFile.Local(writer.close(), table));
        base = next;
        overlay = Overlay.of(table);
    }

    private void addColumns(Table next) {
        Set<Integer> there = new HashSet<>();
        table.columns().forEach(column -> there.add(column.id()));
        for (Column column : next.columns()) {
            if (!there.contains(column.id())) {
                added.put(column.id(), column.missing().map(Value::text).orElse(Value.Mark.NULL));
            }
        }
    }

    /**
     * Passes every row on, in the table's present shape. Can be called once: afterwards the fold is
     * used up.
     *
     * @throws TidemarkException when base and changes do not fit together
     */
    public void rows(RowSink sink) throws IOException {
        changedRows(file -> false, sink);
    }

    /**
     * The same, but for the rows of files of the archive of which all are as they were.
     *
     * @param mayStay which files are to be looked at for that
     * @return those files
     */
    public List<FileRef> changedRows(Predicate<FileRef> mayStay, RowSink sink) throws IOException {
        List<FileRef> unchanged = new ArrayList<>();
        for (BaseFile file : base) {
            Optional<FileRef> mayBe = present(file).filter(mayStay);
            if (mayBe.isPresent() && !overlay.takesFromBase()) {
                unchanged.add(mayBe.get());
                continue;
            }
            Path local = files.local(file);
            try {
                if (mayBe.isPresent() && isAsItWas(local)) {
                    unchanged.add(mayBe.get());
                } else {
                    lay(file, local, sink);
                }
            } catch (IllegalStateException | IllegalArgumentException e) {
                throw broken(TidemarkException.reason(e));
            } finally {
                Files.deleteIfExists(local);
            }
        }
        try {
            overlay.finish(sink);
        } catch (IllegalStateException e) {
            throw broken(TidemarkException.reason(e));
        }
        return unchanged;
    }

    /** A file of the archive with rows of the table's present version. */
    private Optional<FileRef> present(BaseFile file) {
        return file instanceof BaseFile.Archived archived
                        && archived.file().version() == table.version()
                ? Optional.of(archived.file())
                : Optional.empty();
    }

    /** The files of the archive that its rows begin with, those of older versions left out. */
    public List<FileRef> baseFiles() {
        return base.stream().flatMap(file -> present(file).stream()).toList();
    }

    /** Reads the fields of the key alone. */
    private boolean isAsItWas(Path local) throws IOException {
        int[] places = overlay.places();
        if (places.length == 0) {
            return false;
        }
        try (BaseReader keys = BaseReader.open(local, table.stored().size(), places)) {
            while (keys.hasNext()) {
                if (overlay.takes(keys.next())) {
                    return false;
                }
            }
        }
        return true;
    }

    private void lay(BaseFile file, Path local, RowSink sink) throws IOException {
        ShapeChange change = new ShapeChange(file.table(), table, added);
        try (BaseReader rows = BaseReader.open(local, file.table().stored().size())) {
            while (rows.hasNext()) {
                overlay.lay(change.apply(rows.next()), sink);
            }
        }
    }

    private TidemarkException broken(String how) {
        return TidemarkException.failed(
                "the archive's changes of table "
                        + table.displayName()
                        + " do not fit together: "
                        + how,
                "Run 'tidemark verify'. If it finds nothing, please report this: the archive or the restore is wrong.");
    }
}
