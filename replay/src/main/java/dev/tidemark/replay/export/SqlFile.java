package dev.tidemark.replay.export;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.load.SqlScript;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;

/** A whole content as one script for psql, as {@link SqlScript} writes it. */
public final class SqlFile {
    private SqlFile() {}

    /**
     * Writes and publishes it.
     *
     * @param content used up by this
     * @param progress hears how many more rows were written
     */
    public static FileReport write(
            PublishedFile file, RestorePlan plan, Content content, LongConsumer progress)
            throws IOException {
        List<TableRows> inOrder =
                content.tables().stream()
                        .sorted(Comparator.comparing(rows -> rows.table().displayName()))
                        .toList();
        List<FileReport.WrittenTable> tables = new ArrayList<>();
        try (SqlScript script = SqlScript.create(file.create(), content.catalog(), true)) {
            for (TableRows rows : script.loadedFirst(inOrder)) {
                tables.add(written(rows, script.rows(rows, progress)));
            }
            script.afterRows();
            for (TableRows rows : script.loadedLast(inOrder)) {
                tables.add(written(rows, script.rows(rows, progress)));
            }
            script.finish();
        }
        file.publish();
        tables.sort(Comparator.comparing(FileReport.WrittenTable::name));
        return FileReport.of(
                plan,
                file.target().toString(),
                tables,
                content.withoutRows().stream().map(Table::displayName).sorted().toList(),
                List.of());
    }

    private static FileReport.WrittenTable written(TableRows rows, long count) {
        return new FileReport.WrittenTable(rows.table().displayName(), count);
    }
}
