package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.MessageType;

/**
 * What a row group of a journal says that is no change of a row; empty for each that is. Of these
 * nothing is read, as long as nothing was truncated: only what is no row has a content then. For
 * one thread.
 */
final class JournalRest implements Supplier<Optional<Change>> {
    private static final Value TRUNCATE = Value.text("TRUNCATE");
    private static final List<Integer> READ =
            List.of(
                    JournalSchema.TRANSACTION,
                    JournalSchema.OPERATION,
                    JournalSchema.TABLE,
                    JournalSchema.VERSION,
                    JournalSchema.CONTENT);

    private final NumberPages transaction;
    private final TextPages operation;
    private final NumberPages table;
    private final NumberPages version;
    private final TextPages content;
    private final boolean isEachLookedAt;
    private long rows; // that come before the next content
    private boolean isContentNext;
    private long behind; // rows that the other columns were not moved over yet

    JournalRest(MessageType schema, PageReadStore pages) {
        List<ColumnDescriptor> columns = schema.getColumns();
        transaction = numbers(columns.get(0), pages);
        operation = texts(columns.get(1), pages);
        table = numbers(columns.get(2), pages);
        version = numbers(columns.get(3), pages);
        content = texts(columns.get(4), pages);
        List<Value> words = operation.dictionary();
        isEachLookedAt = words.isEmpty() || words.contains(TRUNCATE);
    }

    private static NumberPages numbers(ColumnDescriptor column, PageReadStore pages) {
        return new NumberPages(column, pages.getPageReader(column));
    }

    private static TextPages texts(ColumnDescriptor column, PageReadStore pages) {
        return new TextPages(column, pages.getPageReader(column));
    }

    /** The columns that are read of a journal. */
    static MessageType columns(MessageType journal) {
        JournalPages.check(journal);
        return new MessageType(journal.getName(), READ.stream().map(journal::getType).toList());
    }

    @Override
    public Optional<Change> get() {
        if (isEachLookedAt) {
            return change(content.next());
        }
        if (!isContentNext) {
            rows = content.pages().passMissing(Long.MAX_VALUE);
            isContentNext = true;
        }
        if (rows > 0) {
            rows--;
            behind++;
            return Optional.empty();
        }
        isContentNext = false;
        transaction.skip(behind);
        operation.skip(behind);
        table.skip(behind);
        version.skip(behind);
        behind = 0;
        return change(content.next());
    }

    private Optional<Change> change(Value text) {
        int in = Math.toIntExact(transaction.next());
        Value what = operation.next();
        long of = table.next();
        int as = Math.toIntExact(version.next());
        return text == Value.Mark.NULL && !what.equals(TRUNCATE)
                ? Optional.empty()
                : Optional.of(
                        new Change(
                                in, as, JournalReader.entry(what.toString(), of, text.toString())));
    }
}
