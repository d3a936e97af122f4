package dev.tidemark.archive.parquet;

import static java.util.stream.Collectors.toSet;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Sorted changes out of the columns of a row group: what became of rows, and only when asked for
 * how the source told it. Empty for each that is not wanted: of these nothing is read but what says
 * so. For one thread.
 */
final class ChangeRows implements Supplier<Optional<SortedChange>> {
    /** Of the columns before those of the table: the list of untyped texts has two. */
    private static final int LEAVES = ChangesSchema.FIELDS + 1;

    /**
     * Of a row group with more rows all are read, since what says which are wanted is in memory.
     */
    private static final int CHOSEN_MAX = 4_000_000;

    /** How the source told a change. */
    private record Telling(
            Numbers sequence,
            Words<BeforeImage> image,
            ListPages<Integer> told,
            ListPages<Integer> unchanged) {
        void skip(long rows) {
            sequence.skip(rows);
            image.skip(rows);
            told.skip(rows);
            unchanged.skip(rows);
        }
    }

    private final List<ColumnDescriptor> columns;
    private final PageReadStore pages;
    private final int rows;
    private final Words<Optional<Operation>> operation;
    private final ListPages<Integer> unknown;
    private final ListPages<Integer> untypedPlaces;
    private final ListPages<Value> untypedTexts;
    private final FieldColumn[] fields;
    private Numbers transaction;
    private Numbers first;
    private @Nullable Telling telling;
    private @Nullable Numbers sequence; // where nothing else is told
    private @Nullable BitSet wanted; // null for all
    private BitSet begins = new BitSet(); // of lines, as far as that was read ahead
    private int at;
    private long behind; // rows that the columns were not moved over yet

    ChangeRows(MessageType schema, PageReadStore pages) {
        this(schema, pages, column -> true);
    }

    /**
     * The same where some columns of the table were not read: their fields count as not known.
     *
     * @param isRead was one read, by its name?
     */
    ChangeRows(MessageType schema, PageReadStore pages, Predicate<String> isRead) {
        this.columns = schema.getColumns();
        this.pages = pages;
        this.rows = Math.toIntExact(pages.getRowCount());
        transaction = numbers(ChangesSchema.TRANSACTION);
        first = numbers(ChangesSchema.FIRST);
        operation = words(ChangesSchema.OPERATION, ChangeRows::operation);
        unknown = places(ChangesSchema.UNKNOWN);
        untypedPlaces = places(ChangesSchema.UNTYPED);
        TextPages texts = texts(ChangesSchema.UNTYPED + 1);
        untypedTexts = new ListPages<>(texts.pages(), texts::value);
        fields = new FieldColumn[columns.size() - LEAVES];
        Arrays.setAll(
                fields,
                place ->
                        isRead.test(columns.get(LEAVES + place).getPath()[0])
                                ? field(place)
                                : UNREAD);
    }

    /** A column that was not read. */
    private static final FieldColumn UNREAD =
            new FieldColumn() {
                @Override
                public Value next() {
                    return Value.Mark.UNKNOWN;
                }

                @Override
                public void skip(long rows) {}
            };

    /** Reads all of them from here on, with their places in their transactions alone. */
    ChangeRows withSequence() {
        sequence = numbers(ChangesSchema.SEQUENCE);
        return this;
    }

    /** Reads all of them from here, the first row, on. */
    ChangeRows withTelling() {
        telling =
                new Telling(
                        numbers(ChangesSchema.SEQUENCE),
                        words(ChangesSchema.IMAGE, BeforeImage::valueOf),
                        places(ChangesSchema.TOLD),
                        places(ChangesSchema.UNCHANGED));
        return this;
    }

    /**
     * Gives no others than those of some transactions, the one before each of these, and the last
     * one, which may be before one of the next row group.
     */
    ChangeRows ofTransactions(IntPredicate isWanted) {
        if (rows > CHOSEN_MAX) {
            return this;
        }
        NumbersAhead all = new NumbersAhead(transaction, rows);
        transaction = all;
        BitSet some = all.where(isWanted);
        for (int row = some.nextSetBit(1); row > 0; row = some.nextSetBit(row + 1)) {
            some.set(row - 1);
        }
        some.set(rows - 1);
        wanted = some;
        return this;
    }

    /**
     * Gives the first and the last of each line that count; the first here of one that began before
     * may come too.
     *
     * @param transactions those of the segment that count, from its first
     */
    ChangeRows ofEnds(int transactions) {
        if (rows > CHOSEN_MAX) {
            return this;
        }
        NumbersAhead firsts = new NumbersAhead(first, rows);
        NumbersAhead in = new NumbersAhead(transaction, rows);
        first = firsts;
        transaction = in;
        begins = firsts.where(number -> number != 0);
        wanted = ends(in.where(number -> number < transactions));
        return this;
    }

    /** Changes of a line are in the order of their transactions. */
    private BitSet ends(BitSet count) {
        BitSet ends = new BitSet(rows);
        for (int from = 0; from < rows; ) {
            int next = begins.nextSetBit(from + 1);
            int to = next < 0 ? rows : next;
            int last = to - 1;
            while (last >= from && !count.get(last)) {
                last--; // not by previousSetBit, which looks for one beyond the line
            }
            if (last >= from) {
                ends.set(from);
                ends.set(last);
            }
            from = to;
        }
        return ends;
    }

    /**
     * The same of no others than the lines in which a key may be that is wanted, and of those that
     * may go on in the row groups beside.
     *
     * @param transactions those of the segment that count, from its first
     * @param names those of the key's columns
     * @param keys the fields of each, in that order
     */
    ChangeRows ofKeys(int transactions, List<String> names, Set<List<Value>> keys) {
        ofEnds(transactions);
        if (wanted != null) {
            wanted.and(lines(mayBe(names, keys)));
        }
        return this;
    }

    /**
     * Gives no others than the lines in which a key may be that is wanted, and those that may go on
     * in the row groups beside, all of them with all their changes.
     *
     * @param names those of the key's columns
     * @param keys the fields of each, in that order
     */
    ChangeRows ofLines(List<String> names, Set<List<Value>> keys) {
        if (rows > CHOSEN_MAX) {
            return this;
        }
        NumbersAhead firsts = new NumbersAhead(first, rows);
        first = firsts;
        begins = firsts.where(number -> number != 0);
        wanted = lines(mayBe(names, keys));
        return this;
    }

    /** The rows in which one of some keys may be. */
    private BitSet mayBe(List<String> names, Set<List<Value>> keys) {
        BitSet mayBe = new BitSet(rows);
        mayBe.set(0, rows);
        for (int i = 0; i < names.size(); i++) {
            int of = i;
            Set<Value> sought = keys.stream().map(key -> key.get(of)).collect(toSet());
            for (int place = 0; place < fields.length; place++) {
                if (columns.get(LEAVES + place).getPath()[0].equals(names.get(i))) {
                    FieldAhead column = ahead(fields[place], LEAVES + place, sought);
                    fields[place] = column;
                    mayBe.and(column.mayBe());
                }
            }
        }
        return mayBe;
    }

    private FieldAhead ahead(FieldColumn column, int leaf, Set<Value> sought) {
        return switch (column) {
            case TextPages texts -> FieldAhead.of(texts, rows, sought);
            case TypedColumn typed -> FieldAhead.of(typed.numbers, typed.type, rows, sought);
            default -> throw new IllegalStateException("column " + leaf + " is read already");
        };
    }

    /** All rows of the lines that some are of. */
    private BitSet lines(BitSet some) {
        BitSet all = new BitSet(rows);
        for (int from = 0; from < rows; ) {
            int next = begins.nextSetBit(from + 1);
            int to = next < 0 ? rows : next;
            int found = some.nextSetBit(from);
            if (next < 0 || !begins.get(from) || (found >= 0 && found < to)) {
                all.set(from, to);
            }
            from = to;
        }
        return all;
    }

    /** A column of the table that is kept as numbers. */
    private record TypedColumn(NumberPages numbers, FieldType type) implements FieldColumn {
        @Override
        public Value next() {
            return numbers.next(type);
        }

        @Override
        public void skip(long rows) {
            numbers.skip(rows);
        }
    }

    private FieldColumn field(int place) {
        FieldType type = FieldType.of(columns.get(LEAVES + place).getPrimitiveType());
        return type.isText()
                ? texts(LEAVES + place)
                : new TypedColumn(numbers(LEAVES + place), type);
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
    public Optional<SortedChange> get() {
        if (wanted != null && !wanted.get(at)) {
            at++;
            behind++;
            return Optional.empty();
        }
        if (behind > 0) {
            skip(behind);
            behind = 0;
        }
        at++;
        List<Value> row = Arrays.asList(row());
        int in = Math.toIntExact(transaction.next());
        boolean isFirst = first.next() != 0;
        Optional<Operation> what = operation.next();
        return Optional.of(
                telling == null
                        ? new SortedChange(
                                in,
                                sequence == null ? 0 : sequence.next(),
                                isFirst,
                                what,
                                BeforeImage.NONE,
                                List.of(),
                                List.of(),
                                row)
                        : new SortedChange(
                                in,
                                telling.sequence.next(),
                                isFirst,
                                what,
                                telling.image.next(),
                                telling.told.next(),
                                telling.unchanged.next(),
                                row));
    }

    private Value[] row() {
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
        return row;
    }

    private void skip(long some) {
        transaction.skip(some);
        first.skip(some);
        operation.skip(some);
        unknown.skip(some);
        untypedPlaces.skip(some);
        untypedTexts.skip(some);
        for (FieldColumn field : fields) {
            field.skip(some);
        }
        if (telling != null) {
            telling.skip(some);
        }
        if (sequence != null) {
            sequence.skip(some);
        }
    }
}
