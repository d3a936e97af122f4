package dev.tidemark.replay.mask;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;

/** A table whose rows come masked. For one thread at a time. */
final class MaskedRows implements TableRows {
    private final TableRows source;
    private final List<ColumnMask> columns;
    private final MaskKey key;
    private final Locale locale;
    private final AtomicLongArray changed;

    /**
     * The rows of another.
     *
     * @param changed counts the rows in which the value of each became another
     */
    MaskedRows(TableRows source, MaskPlan plan, MaskKey key, AtomicLongArray changed) {
        this.source = source;
        this.columns = plan.columns(source.table());
        this.key = key;
        this.locale = plan.locale();
        this.changed = changed;
    }

    @Override
    public Table table() {
        return source.table();
    }

    @Override
    public long changes() {
        return source.changes();
    }

    @Override
    public List<FileRef> files() {
        return source.files();
    }

    @Override
    public void rows(RowSink sink) throws IOException {
        FieldMasks masks = new FieldMasks(table(), key.hash(), locale);
        List<FieldMask> fields = columns.stream().map(masks::of).toList();
        source.rows(row -> sink.row(masked(row, fields)));
    }

    /** The first rows, each as it is and as it becomes; used up by this. */
    List<MaskPreview.PreviewedRow> preview(int rowsMax) throws IOException {
        FieldMasks masks = new FieldMasks(table(), key.hash(), locale);
        List<FieldMask> fields = columns.stream().map(masks::of).toList();
        List<MaskPreview.PreviewedRow> rows = new ArrayList<>();
        try {
            source.rows(
                    row -> {
                        if (rows.size() == rowsMax) {
                            throw new Enough();
                        }
                        rows.add(MaskPreview.PreviewedRow.of(row, masked(row, fields)));
                    });
        } catch (Enough e) {
            return rows; // nobody reads the others
        }
        return rows;
    }

    /** Rows come one after the other until somebody throws. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;

        Enough() {
            super("enough", null, false, false);
        }
    }

    private List<Value> masked(List<Value> row, List<FieldMask> fields) throws IOException {
        List<Value> masked = new ArrayList<>(row);
        for (int i = 0; i < fields.size(); i++) {
            if (columns.get(i).isKept()) {
                continue;
            }
            Value value = fields.get(i).of(row.get(i), row);
            if (!value.equals(row.get(i))) {
                changed.incrementAndGet(i);
            }
            masked.set(i, value);
        }
        return masked;
    }
}
