package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;

/** Reads a column of texts. Those of a dictionary are made once. For one thread. */
final class TextPages implements FieldColumn {
    private final ColumnPages pages;
    private final Value[] dictionary;

    TextPages(ColumnDescriptor column, PageReader pages) {
        this.pages = new ColumnPages(column, pages);
        DictionaryPage found = pages.readDictionaryPage();
        this.dictionary = found == null ? new Value[0] : values(found);
    }

    private static Value[] values(DictionaryPage dictionary) {
        ByteBuffer texts = ColumnPages.buffer(dictionary.getBytes());
        Value[] values = new Value[dictionary.getDictionarySize()];
        Arrays.setAll(values, number -> Texts.next(texts));
        return values;
    }

    ColumnPages pages() {
        return pages;
    }

    /** Passes over rows. */
    @Override
    public void skip(long rows) {
        pages.skip(rows, 0);
    }

    /** The words of which all are, if the column was written so. */
    List<Value> dictionary() {
        return List.of(dictionary);
    }

    /** The value of a row of the row group, of which pages may be left out; rows ascend. */
    Value at(long row) {
        pages.passTo(row);
        return next();
    }

    @Override
    public Value next() {
        pages.next();
        return pages.isThere() ? value() : Value.Mark.NULL;
    }

    /** The value that the pages are at, which is there. */
    Value value() {
        return pages.isNumber() ? dictionary[pages.number()] : Texts.next(pages.plain());
    }

    /** Passes the value over that the pages are at. */
    void skip() {
        if (pages.isNumber()) {
            pages.number();
        } else {
            Texts.skip(pages.plain());
        }
    }
}
