package dev.tidemark.replay.mask;

import static java.util.stream.Collectors.toSet;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.replay.content.Content;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A content whose rows come masked, and what that changed. The rows are masked as they are read, by
 * as many threads as read them.
 */
public final class Masking {
    private record Counted(Table table, List<ColumnMask> columns, AtomicLongArray changed) {}

    private final Content content;
    private final MaskPlan plan;
    private final Map<String, Counted> counted = new TreeMap<>();

    private Masking(Content source, MaskPlan plan, MaskKey key) {
        this.plan = plan;
        List<TableRows> tables = new ArrayList<>();
        List<Table> withoutRows = new ArrayList<>(source.withoutRows());
        for (TableRows rows : source.tables()) {
            if (plan.dropped().contains(rows.table().displayName())) {
                withoutRows.add(rows.table());
            } else {
                tables.add(masked(rows, key));
            }
        }
        content = new Content(source.catalog(), tables, withoutRows);
    }

    /**
     * Nothing is read yet. Tables of the catalog whose rows are not in the content need no
     * decision.
     *
     * @throws dev.tidemark.schemas.TidemarkException (refused) when the file does not fit what is
     *     there, or leaves a column open
     */
    public static Masking of(Content content, MaskFile file, MaskKey key) {
        Set<Long> coming =
                content.tables().stream().map(rows -> rows.table().id()).collect(toSet());
        Set<String> withoutRows =
                content.catalog().tables().stream()
                        .filter(table -> !coming.contains(table.id()))
                        .map(Table::displayName)
                        .collect(toSet());
        return new Masking(content, MaskPlan.of(file, content.catalog(), withoutRows), key);
    }

    /** The masked one. */
    public Content content() {
        return content;
    }

    private TableRows masked(TableRows rows, MaskKey key) {
        Table table = rows.table();
        List<ColumnMask> columns = plan.columns(table);
        AtomicLongArray changed = new AtomicLongArray(columns.size());
        counted.put(table.displayName(), new Counted(table, columns, changed));
        return columns.stream().allMatch(ColumnMask::isKept)
                ? rows
                : new MaskedRows(rows, plan, key, changed);
    }

    /**
     * The first rows of each table that does not stay as it is, before and after; the content is
     * used up by this.
     *
     * @param rowsMax of a table
     */
    public List<MaskPreview> preview(int rowsMax) throws IOException {
        List<MaskPreview> tables = new ArrayList<>();
        for (TableRows rows : content.tables()) {
            if (rows instanceof MaskedRows masked) {
                tables.add(
                        new MaskPreview(
                                masked.table().displayName(),
                                previewed(masked.table()),
                                masked.preview(rowsMax)));
            }
        }
        tables.sort(Comparator.comparing(MaskPreview::table));
        return List.copyOf(tables);
    }

    private List<MaskPreview.PreviewedColumn> previewed(Table table) {
        List<MaskPreview.PreviewedColumn> columns = new ArrayList<>();
        for (int i = 0; i < table.stored().size(); i++) {
            Column column = table.stored().get(i);
            ColumnMask decided = plan.columns(table).get(i);
            columns.add(
                    new MaskPreview.PreviewedColumn(
                            column.name(),
                            decided.mask().toString(),
                            decided.isKept(),
                            table.key().contains(column.id())));
        }
        return columns;
    }

    /** What somebody should know of the restored database. */
    public List<String> notes() {
        return plan.notes();
    }

    /** Each column that is not kept, by table and in the order of its columns. */
    public List<MaskedColumn> report() {
        List<MaskedColumn> report = new ArrayList<>();
        for (Counted one : counted.values()) {
            List<Column> stored = one.table().stored();
            for (int i = 0; i < stored.size(); i++) {
                ColumnMask column = one.columns().get(i);
                if (!column.isKept()) {
                    report.add(
                            new MaskedColumn(
                                    one.table().displayName(),
                                    stored.get(i).name(),
                                    column.mask().toString(),
                                    one.changed().get(i)));
                }
            }
        }
        return List.copyOf(report);
    }
}
