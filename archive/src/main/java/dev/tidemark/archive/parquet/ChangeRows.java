package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.MessageType;

/**
 * Sorted changes out of the columns of a row group: what became of rows, and only when asked for
 * how the source told it. For one thread.
 */
final class ChangeRows implements Supplier<SortedChange> {
    /** Of the columns before those of the table: the list of untyped texts has two. */
    private static final int LEAVES = ChangesSchema.FIELDS + 1;

    /** How the source told a change. */
    private record Telling(
            LongSupplier sequence,
            Supplier<BeforeImage> image,
            Supplier<List<Integer>> told,
            Supplier<List<Integer>> unchanged) {
        static final Telling UNREAD =
                new Telling(() -> 0, () -> BeforeImage.NONE, List::of, List::of);
    }

    /** Of the table. */
    private interface Field {
        Value next();
    }

    private final List<ColumnDescriptor> columns;
    private final PageReadStore pages;
    private final NumberPages transaction;
    private final NumberPages first;
    private final Words<Optional<Operation>> operation;
    private final ListPages<Integer> unknown;
    private final ListPages<Integer> untypedPlaces;
    private final ListPages<Value> untypedTexts;
    private final Field[] fields;
    private Telling telling = Telling.UNREAD;

    ChangeRows(MessageType schema, PageReadStore pages) {
        this.columns = schema.getColumns();
        this.pages = pages;
        transaction = numbers(ChangesSchema.TRANSACTION);
        first = numbers(ChangesSchema.FIRST);
        operation = words(ChangesSchema.OPERATION, ChangeRows::operation);
        unknown = places(ChangesSchema.UNKNOWN);
        untypedPlaces = places(ChangesSchema.UNTYPED);
        TextPages texts = texts(ChangesSchema.UNTYPED + 1);
        untypedTexts = new ListPages<>(texts.pages(), texts::value);
        fields = fields();
    }

    /** Reads all of them from here, the first row, on. */
    ChangeRows withTelling() {
        telling =
                new Telling(
                        numbers(ChangesSchema.SEQUENCE)::next,
                        words(ChangesSchema.IMAGE, BeforeImage::valueOf)::next,
                        places(ChangesSchema.TOLD)::next,
                        places(ChangesSchema.UNCHANGED)::next);
        return this;
    }

    private Field[] fields() {
        Field[] all = new Field[columns.size() - LEAVES];
        for (int i = 0; i < all.length; i++) {
            FieldType type = FieldType.of(columns.get(LEAVES + i).getPrimitiveType());
            if (type.isText()) {
                all[i] = texts(LEAVES + i)::next;
            } else {
                NumberPages numbers = numbers(LEAVES + i);
                all[i] = () -> numbers.next(type);
            }
        }
        return all;
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

    private ListPages<Integer> places(int leaf) {
        NumberPages numbers = numbers(leaf);
        return new ListPages<>(numbers.pages(), () -> Math.toIntExact(numbers.value()));
    }

    private static Optional<Operation> operation(String word) {
        return word.equals(ChangesWriter.BEFORE)
                ? Optional.empty()
                : Optional.of(Operation.valueOf(word));
    }

    @Override
    public SortedChange get() {
        Value[] row = new Value[fields.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = fields[i].next();
        }
        for (int place : unknown.next()) {
            row[place] = Value.Mark.UNKNOWN;
        }
        List<Value> texts = untypedTexts.next();
        List<Integer> places = untypedPlaces.next();
        for (int i = 0; i < places.size(); i++) {
            row[places.get(i)] = texts.get(i);
        }
        return new SortedChange(
                Math.toIntExact(transaction.next()),
                telling.sequence.getAsLong(),
                first.next() != 0,
                operation.next(),
                telling.image.get(),
                telling.told.get(),
                telling.unchanged.get(),
                Arrays.asList(row));
    }
}
