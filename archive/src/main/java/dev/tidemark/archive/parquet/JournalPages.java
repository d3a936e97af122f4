package dev.tidemark.archive.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.MessageType;

/**
 * Changes out of the columns of a row group of a journal; empty for those of rows that nobody
 * wants, of which the fields are passed over. For one thread.
 */
final class JournalPages implements Supplier<Optional<Change>> {
    private final List<ColumnDescriptor> columns;
    private final PageReadStore pages;
    private final JournalReader.Wanted wanted;
    private final NumberPages transaction;
    private final Words<String> operation;
    private final NumberPages table;
    private final NumberPages version;
    private final Words<Optional<BeforeImage>> image;
    private final TextLists before;
    private final TextLists after;
    private final ListPages<Integer> unchanged;
    private final TextPages content;
    private long owed; // changes whose lists are still to be passed over

    JournalPages(MessageType schema, PageReadStore pages, JournalReader.Wanted wanted) {
        check(schema);
        this.columns = schema.getColumns();
        this.pages = pages;
        this.wanted = wanted;
        transaction = numbers(JournalSchema.TRANSACTION);
        operation = words(JournalSchema.OPERATION, word -> word);
        table = numbers(JournalSchema.TABLE);
        version = numbers(JournalSchema.VERSION);
        image =
                words(
                        JournalSchema.IMAGE,
                        word ->
                                word.isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(BeforeImage.valueOf(word)));
        before = new TextLists(texts(JournalSchema.BEFORE));
        after = new TextLists(texts(JournalSchema.AFTER));
        NumberPages places = numbers(JournalSchema.UNCHANGED);
        unchanged = new ListPages<>(places.pages(), () -> Math.toIntExact(places.value()));
        content = texts(JournalSchema.CONTENT);
    }

    /** Is it that of a journal? */
    static void check(MessageType schema) {
        if (!schema.getFields().equals(JournalSchema.JOURNAL.getFields())) {
            throw new IllegalArgumentException("no journal: " + schema);
        }
    }

    private NumberPages numbers(int leaf) {
        return new NumberPages(columns.get(leaf), pages.getPageReader(columns.get(leaf)));
    }

    private TextPages texts(int leaf) {
        return new TextPages(columns.get(leaf), pages.getPageReader(columns.get(leaf)));
    }

    private <T> Words<T> words(int leaf, Function<String, T> meaning) {
        return new Words<>(texts(leaf), meaning);
    }

    @Override
    public Optional<Change> get() {
        int in = Math.toIntExact(transaction.next());
        String what = operation.next();
        long of = table.next();
        int as = Math.toIntExact(version.next());
        Optional<BeforeImage> known = image.next();
        Value text = content.next();
        boolean isRow = text == Value.Mark.NULL && !what.equals("TRUNCATE");
        if (!isRow) {
            owed++; // it has none
            return Optional.of(new Change(in, as, other(what, of, text)));
        }
        if (!wanted.is(of, in)) {
            owed++;
            return Optional.empty();
        }
        passOver();
        Row row = new Row(of, Operation.valueOf(what), known.orElseThrow());
        return Optional.of(
                new Change(in, as, row(row, before.next(), after.next(), unchanged.next())));
    }

    /** Where no row is wanted any more, nothing needs to be. */
    private void passOver() {
        for (; owed > 0; owed--) {
            before.skip();
            after.skip();
            unchanged.next();
        }
    }

    /** What is known of a change of a row besides its fields. */
    private record Row(long table, Operation operation, BeforeImage image) {}

    private static Entry row(
            Row row, List<Value> before, List<Value> after, List<Integer> unchanged) {
        if (row.image() == BeforeImage.KEY) {
            before.replaceAll(value -> value == Value.Mark.NULL ? Value.Mark.UNKNOWN : value);
        }
        for (int place : unchanged) {
            after.set(place, Value.Mark.UNCHANGED);
        }
        return new Entry.Row(row.table(), row.operation(), row.image(), before, after);
    }

    private static Entry other(String operation, long table, Value content) {
        return JournalReader.entry(
                operation,
                table,
                content instanceof Value.Text text
                        ? new String(text.utf8(), UTF_8)
                        : content.toString());
    }
}
