package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** Reads a column of whole numbers or booleans. For one thread. */
final class NumberPages implements Numbers {
    private final ColumnPages pages;
    private final boolean isShort;
    private final long[] dictionary;
    private final @Nullable Value[] texts; // of the dictionary, as far as they were asked for

    NumberPages(ColumnDescriptor column, PageReader pages) {
        this.pages = new ColumnPages(column, pages);
        PrimitiveTypeName kind = column.getPrimitiveType().getPrimitiveTypeName();
        this.isShort = kind == PrimitiveTypeName.INT32;
        DictionaryPage found = pages.readDictionaryPage();
        this.dictionary =
                found == null
                        ? kind == PrimitiveTypeName.BOOLEAN ? new long[] {0, 1} : new long[0]
                        : numbers(found);
        this.texts = new Value[dictionary.length];
    }

    private long[] numbers(DictionaryPage page) {
        ByteBuffer plain = ColumnPages.buffer(page.getBytes());
        long[] numbers = new long[page.getDictionarySize()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = next(plain);
        }
        return numbers;
    }

    private long next(ByteBuffer plain) {
        return isShort ? plain.getInt() : plain.getLong();
    }

    ColumnPages pages() {
        return pages;
    }

    @Override
    public long next() {
        pages.next();
        return value();
    }

    /** Passes over rows. */
    @Override
    public void skip(long rows) {
        pages.skip(rows, isShort ? Integer.BYTES : Long.BYTES);
    }

    /** The value that the pages are at, which is there. */
    long value() {
        return pages.isNumber() ? dictionary[pages.number()] : next(pages.plain());
    }

    /** The field of the next row: the text that its number stands for. */
    Value next(FieldType type) {
        pages.next();
        if (!pages.isThere()) {
            return Value.Mark.NULL;
        }
        if (!pages.isNumber()) {
            return type.text(next(pages.plain()));
        }
        int number = pages.number();
        Value text = texts[number];
        if (text == null) {
            text = type.text(dictionary[number]);
            texts[number] = text;
        }
        return text;
    }
}
