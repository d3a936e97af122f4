package dev.tidemark.replay.mask;

import static java.util.stream.Collectors.toSet;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.replay.content.Content;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
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
     * Nothing is read yet.
     *
     * @throws dev.tidemark.schemas.TidemarkException (refused) when the file does not fit what is
     *     there, or leaves a column open
     */
    public static Masking of(Content content, MaskFile file, MaskKey key) {
        Set<String> withoutRows =
                content.withoutRows().stream().map(Table::displayName).collect(toSet());
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
