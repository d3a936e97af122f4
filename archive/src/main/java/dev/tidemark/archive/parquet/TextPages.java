package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;

/**
 * Reads a column of a row group that is an optional text, as {@link TextColumn} and Parquet's own
 * writer of pages of version 1 write it. For one thread.
 */
final class TextPages {
    private static final HybridRuns NO_NUMBERS = new HybridRuns(new byte[0], 0, 1);

    private final PageReader pages;
    private final Value[] dictionary;
    private int left; // of the page
    private HybridRuns levels = NO_NUMBERS;
    private HybridRuns numbers = NO_NUMBERS;
    private ByteBuffer texts = ByteBuffer.allocate(0);
    private boolean isNumbers;

    TextPages(PageReader pages) {
        this.pages = pages;
        DictionaryPage found = pages.readDictionaryPage();
        this.dictionary = found == null ? new Value[0] : values(found);
    }

    private static Value[] values(DictionaryPage dictionary) {
        ByteBuffer texts = buffer(dictionary.getBytes());
        Value[] values = new Value[dictionary.getDictionarySize()];
        Arrays.setAll(values, number -> Texts.next(texts));
        return values;
    }

    /** Without a copy where they are an array already. */
    private static ByteBuffer buffer(BytesInput bytes) {
        return bytes.toByteBuffer(new HeapByteBufferAllocator(), room -> {})
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The field of the next row. */
    Value next() {
        while (left == 0) {
            begin(pages.readPage());
        }
        left--;
        if (levels.next() == 0) {
            return Value.Mark.NULL;
        }
        return isNumbers ? dictionary[numbers.next()] : Texts.next(texts);
    }

    private void begin(DataPage page) {
        if (!(page instanceof DataPageV1 known)) {
            throw new IllegalArgumentException("not as many fields as rows");
        }
        left = known.getValueCount();
        ByteBuffer bytes = buffer(known.getBytes());
        int size = bytes.getInt();
        levels = runs(bytes, 1);
        bytes.position(bytes.position() + size);
        switch (known.getValueEncoding()) {
            case PLAIN -> {
                isNumbers = false;
                texts = bytes;
            }
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                isNumbers = true;
                int width = bytes.hasRemaining() ? bytes.get() : 0;
                numbers = runs(bytes, width);
            }
            default ->
                    throw new IllegalArgumentException(
                            "texts in the encoding " + known.getValueEncoding());
        }
    }

    private static HybridRuns runs(ByteBuffer bytes, int width) {
        return new HybridRuns(bytes.array(), bytes.arrayOffset() + bytes.position(), width);
    }
}
