package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.parquet.BaseReader;
import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.archive.parquet.ChangesReader;
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
import java.util.stream.Stream;

/**
 * One table on its way from its base to the cut. Changes come in commit order; then its rows are
 * passed on once.
 *
 * <p>Memory grows with the rows that changed, not with those of the base, until {@link #settle}.
 * For one thread at a time.
 */
public final class TableFold implements TableRows {
    private static final AtomicLong INTERMEDIATE = new AtomicLong();

    /** Of more rows than these nearly every part of a file has one. */
    private static final int SOUGHT_MAX = 100;

    private final FoldRoom room;
    private final Map<Integer, Value> added = new HashMap<>(); // what older rows have, by column id
    private Table table;
    private int fields; // of its rows
    private List<BaseFile> base;
    private List<LineFile> lines = List.of(); // to be read over the base, under the overlay
    private Table linesTable; // in the version of those
    private Overlay overlay;
    private boolean isAsBase = true;
    private long changes;

    TableFold(Table table, List<BaseFile> base, FoldRoom room) {
        this.table = table;
        this.linesTable = table;
        this.fields = table.stored().size();
        this.base = List.copyOf(base);
        this.room = room;
        this.overlay = Overlay.of(table);
    }

    /** The table as it is now. */
    @Override
    public Table table() {
        return table;
    }

    @Override
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
     * Takes a file of lines, to be read when its rows are asked for.
     *
     * @return false when that cannot be: then its lines are to come one by one
     */
    boolean defer(LineFile file) {
        List<LineFile> next = Stream.concat(lines.stream(), Stream.of(file)).toList();
        boolean canBe =
                !table.key().isEmpty()
                        && room.wanted(table.id()).isEmpty()
                        && !overlay.takesFromBase()
                        && (lines.isEmpty() || linesTable.version() == table.version())
                        && room.mayOpen(next.stream().map(LineFile::file).toList());
        if (!canBe) {
            return false;
        }
        linesTable = table;
        lines = next;
        changes += file.file().rows();
        isAsBase = false;
        return true;
    }

    /** Reads a file of lines as far as its rows are wanted. */
    ChangesReader linesOf(Path local, int transactions) throws IOException {
        Optional<KeyedRows> wanted = room.wanted(table.id());
        return wanted.isEmpty()
                ? ChangesReader.ofLines(local, transactions)
                : ChangesReader.ofLines(local, transactions, table, wanted.get().rows());
    }

    /** The rows that are looked for in a base; empty where its files are to be read whole. */
    private Optional<KeyedRows> sought(Table then) {
        return room.wanted(then.id()).filter(wanted -> wanted.rows().size() <= SOUGHT_MAX);
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
    void startFrom(List<FileRef> rows) throws IOException {
        forget();
        base = new ArrayList<>();
        for (FileRef file : rows) {
            if (file.version() != table.version()) {
                throw broken(
                        "a base is of version %d, and the catalog is at %d"
                                .formatted(file.version(), table.version()));
            }
            base.add(new BaseFile.Archived(file, table));
        }
        lines = List.of();
        overlay = Overlay.of(table);
        isAsBase = true;
    }

    void truncate() throws IOException {
        forget();
        base = List.of();
        lines = List.of();
        overlay = Overlay.of(table);
        isAsBase = true;
    }

    /** Nobody reads what was made of the rows so far. */
    private void forget() throws IOException {
        for (BaseFile file : base) {
            if (file instanceof BaseFile.Local local) {
                Files.deleteIfExists(local.file());
            }
        }
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
        List<FileRef> unchanged = new ArrayList<>();
        BaseFile.Local rest =
                written(table, sink -> unchanged.addAll(changedRows(any -> true, sink)));
        base = withRest(unchanged, rest);
        lines = List.of();
        overlay = Overlay.of(table);
    }

    /** The files of the base that are as they were, and one with all other rows. */
    private List<BaseFile> withRest(List<FileRef> unchanged, BaseFile.Local rest) {
        return Stream.concat(
                        base.stream()
                                .filter(
                                        one ->
                                                present(one)
                                                        .filter(unchanged::contains)
                                                        .isPresent()),
                        Stream.of(rest))
                .toList();
    }

    /** Something that gives rows. */
    private interface Rows {
        void to(RowSink sink) throws IOException;
    }

    /** A file of rows on local disk. */
    private BaseFile.Local written(Table shape, Rows rows) throws IOException {
        String name = "fold-" + table.id() + "-" + INTERMEDIATE.incrementAndGet() + ".parquet";
        BaseWriter writer = BaseWriter.create(room.temporary().resolve(name), shape);
        try {
            rows.to(writer::add);
        } catch (IOException | RuntimeException e) {
            writer.discard();
            throw e;
        }
        return new BaseFile.Local(writer.close(), shape);
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

    /** Passes every row on, in the table's present shape. */
    @Override
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
        Staying.Files staying = new Staying.Files(mayStay);
        pass(staying, sink);
        return staying.kept();
    }

    /**
     * The same, but for all rows in files of the archive that are as they were.
     *
     * @return where those are
     */
    public List<KeptRows> difference(RowSink sink) throws IOException {
        Staying.Rows staying = new Staying.Rows();
        pass(staying, sink);
        return staying.kept();
    }

    private void pass(Staying staying, RowSink sink) throws IOException {
        try {
            if (lines.isEmpty()) {
                layBase(overlay, table, staying, sink);
            } else {
                layLines(staying, sink);
            }
            overlay.finish(sink);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw broken(TidemarkException.reason(e));
        }
    }

    /** The lines over the base, and the overlay over both. */
    private void layLines(Staying staying, RowSink sink) throws IOException {
        ShapeChange change = new ShapeChange(linesTable, table, added);
        RowSink above = row -> overlay.lay(change.apply(row), sink);
        try (MergedLines merged = MergedLines.open(linesTable, lines, room)) {
            while (!merged.read(above)) {
                Staying.Files whole = new Staying.Files(any -> true);
                BaseFile.Local rest =
                        written(linesTable, rows -> layBase(merged, linesTable, whole, rows));
                base = withRest(whole.kept(), rest);
                merged.forget(above);
            }
            layBase(new Layers(merged, overlay), linesTable, staying, above);
            merged.finish(above);
        }
    }

    /**
     * Lays something over the base.
     *
     * @param shape that it has
     */
    private void layBase(Layer layer, Table shape, Staying staying, RowSink sink)
            throws IOException {
        for (BaseFile file : base) {
            Optional<FileRef> mayBe = present(file).filter(staying::may);
            if (mayBe.isPresent() && !layer.takesFromBase()) {
                staying.keep(mayBe.get());
                continue;
            }
            Path local = room.local(file);
            try {
                boolean isLaid =
                        mayBe.isPresent()
                                && staying.look(
                                        mayBe.get(),
                                        local,
                                        table.stored().size(),
                                        new Staying.Over(layer, sink));
                if (!isLaid) {
                    lay(layer, shape, file, local, sink);
                }
            } finally {
                Files.deleteIfExists(local);
            }
        }
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

    @Override
    public List<FileRef> files() {
        return Stream.concat(
                        base.stream()
                                .filter(BaseFile.Archived.class::isInstance)
                                .map(file -> ((BaseFile.Archived) file).file()),
                        lines.stream().map(LineFile::file))
                .toList();
    }

    private void lay(Layer layer, Table shape, BaseFile file, Path local, RowSink sink)
            throws IOException {
        ShapeChange change = new ShapeChange(file.table(), shape, added);
        try (BaseReader rows = reader(file.table(), local)) {
            while (rows.hasNext()) {
                layer.lay(change.apply(rows.next()), sink);
            }
        }
    }

    private BaseReader reader(Table then, Path local) throws IOException {
        Optional<KeyedRows> sought = sought(then);
        int columns = then.stored().size();
        return sought.isEmpty()
                ? BaseReader.open(local, columns)
                : BaseReader.open(local, then, sought.get().key(), sought.get().rows());
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
