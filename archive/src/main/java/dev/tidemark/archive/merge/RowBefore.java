package dev.tidemark.archive.merge;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.BaseReader;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What a row was at the end of a segment: what a change in the one after it does not tell of the
 * row before. Goes back from segment to segment and stops where all fields are known, at the latest
 * at a base. Of merged segments it reads only files in which the key may be. For one thread; used
 * once.
 */
public final class RowBefore {
    /** What was found. */
    public sealed interface Found {}

    /** All of its fields, in the order of the table's stored columns. */
    public record Row(List<Value> fields) implements Found {}

    /** There was no row with that key. */
    public record Absent() implements Found {}

    /**
     * On the way there more happened to the table than changes of its rows: another shape,
     * TRUNCATE, a base of its own. A fold tells what the row was.
     *
     * @param at where
     */
    public record Untold(Manifest at) implements Found {}

    private final Archive archive;
    private final Path temporary;
    private final Table table;
    private List<Value> key;
    private List<Value> fields;

    private RowBefore(Archive archive, Path temporary, Table table, List<Value> key) {
        this.archive = archive;
        this.temporary = temporary;
        this.table = table;
        this.key = key;
        this.fields = Collections.nCopies(table.stored().size(), Value.Mark.UNKNOWN);
    }

    /**
     * Finds it.
     *
     * @param table as it is there; with a key
     * @param key the fields of its key, in the key's order
     * @param end of a segment or a base of the stretch
     * @param temporary a folder for files while they are read
     */
    public static Found find(
            Archive archive,
            Stretch stretch,
            Table table,
            List<Value> key,
            Position end,
            Path temporary)
            throws IOException {
        return new RowBefore(archive, temporary, table, List.copyOf(key)).find(stretch, end);
    }

    private Found find(Stretch stretch, Position end) throws IOException {
        Manifest base = stretch.baseBefore(end);
        Position from = base.span().to();
        for (Manifest one : stretch.tableBases()) {
            boolean isBetween = !one.span().to().isBefore(from) && !one.span().to().isAfter(end);
            if (isBetween && one.files().stream().anyMatch(this::isOfTable)) {
                return new Untold(one);
            }
        }
        List<Manifest> segments =
                stretch.segments().stream()
                        .filter(one -> !one.span().from().isBefore(from))
                        .filter(one -> !one.span().to().isAfter(end))
                        .toList();
        for (Manifest segment : segments.reversed()) {
            RowsOfSegment rows = new RowsOfSegment(archive, segment, table, temporary);
            if (rows.saysMore()) {
                return new Untold(segment);
            }
            for (RowsOfSegment.Told told : rows.of(key)) {
                Optional<Found> found = take(told);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        return inBase(base);
    }

    /** The answer, if no more has to be read. */
    private Optional<Found> take(RowsOfSegment.Told told) {
        return switch (told) {
            case RowsOfSegment.Nothing nothing -> Optional.empty();
            case RowsOfSegment.Gone gone -> Optional.of(new Absent());
            case RowsOfSegment.Last last -> {
                complete(last.fields());
                if (last.before().isEmpty() || !fields.contains(Value.Mark.UNKNOWN)) {
                    yield Optional.of(new Row(fields));
                }
                key = last.before().get();
                yield Optional.empty();
            }
        };
    }

    private void complete(List<Value> older) {
        List<Value> complete = new ArrayList<>(fields);
        for (int i = 0; i < complete.size(); i++) {
            if (!complete.get(i).isKnown()) {
                Value field = older.get(i);
                complete.set(i, field.isKnown() ? field : Value.Mark.UNKNOWN);
            }
        }
        fields = complete;
    }

    private boolean isOfTable(FileRef file) {
        return file.kind() == FileRef.Kind.BASE && file.table() == table.id();
    }

    private Found inBase(Manifest base) throws IOException {
        boolean isUnknown =
                archive.catalog(base.catalogThere()).tables().stream()
                        .anyMatch(one -> one.id() == table.id() && one.rewritten());
        if (isUnknown) {
            return new Untold(base);
        }
        for (FileRef file : base.files().stream().filter(this::isOfTable).toList()) {
            if (file.version() != table.version()) {
                return new Untold(base);
            }
            Path local = archive.fetch(file, temporary);
            try (BaseReader rows = BaseReader.open(local, table.stored().size())) {
                while (rows.hasNext()) {
                    List<Value> row = rows.next();
                    if (RowsOfSegment.key(table, row).equals(key)) {
                        complete(row);
                        return new Row(fields);
                    }
                }
            } finally {
                Files.deleteIfExists(local);
            }
        }
        return new Absent();
    }
}
