package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.geospatial.GeospatialStatistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Writes a column of a row group that is an optional text: the pages that Parquet's own writer
 * would make, in a part of its time. A dictionary is used as long as that is smaller. For one
 * thread.
 */
final class TextColumn {
    private static final int PAGE_BYTES = 256 * 1024;
    private static final int PAGE_ROWS = 20_000;
    private static final int DICTIONARY_BYTES_MAX = 1024 * 1024;
    private static final int NUMBERS_START = 64;

    private final PrimitiveType type;
    private final PageWriter pages;
    private final ByteBufferAllocator allocator;
    private final TextDictionary dictionary = new TextDictionary();
    private int entriesUsed; // of it, by pages that are written
    private boolean isPlain; // from here on

    // Of the page:
    private final Levels levels = new Levels();
    private final PlainTexts plain = new PlainTexts();
    private final TextRange range = new TextRange();
    private int[] numbers = new int[NUMBERS_START]; // of its texts in the dictionary
    private int texts;
    private long bytes; // as it would have in the plain encoding

    TextColumn(PrimitiveType type, PageWriter pages, ByteBufferAllocator allocator) {
        this.type = type;
        this.pages = pages;
        this.allocator = allocator;
    }

    /** Returns how many bytes its text has. */
    long add(Value value) throws IOException {
        long size =
                switch (value) {
                    case Value.Text text -> add(text.utf8());
                    case Value.Large large -> add(large.utf8());
                    case Value.Mark mark -> add(mark);
                };
        if (bytes >= PAGE_BYTES || levels.rows() >= PAGE_ROWS) {
            endPage();
        }
        return size;
    }

    private long add(Value.Mark mark) {
        if (mark != Value.Mark.NULL) {
            throw new IllegalArgumentException("a base row with a field that is " + mark);
        }
        levels.addNull();
        return 0;
    }

    private long add(byte[] text) {
        if (isPlain) {
            range.add(text);
            plain.add(text);
        } else {
            if (texts == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * texts);
            }
            numbers[texts] = dictionary.numberOf(text);
        }
        count(text.length);
        if (!isPlain && dictionary.bytes() > DICTIONARY_BYTES_MAX) {
            endDictionary();
        }
        return text.length;
    }

    private long add(ByteBuffer large) {
        if (!isPlain) {
            endDictionary();
        }
        range.addLong();
        plain.add(large);
        count(large.remaining());
        return large.remaining();
    }

    private void count(int length) {
        levels.addText();
        texts++;
        bytes += Integer.BYTES + length;
    }

    /** The page's texts, and all after them, stand for themselves. */
    private void endDictionary() {
        isPlain = true;
        for (int i = 0; i < texts; i++) {
            byte[] text = dictionary.text(numbers[i]);
            range.add(text);
            plain.add(text);
        }
        if (entriesUsed == 0) {
            dictionary.clear();
        }
    }

    private void endPage() throws IOException {
        BytesInput encoded = encoded();
        boolean isNumbers = !isPlain && texts > 0;
        if (isNumbers) {
            noteRange();
            entriesUsed = dictionary.size();
        }
        writePage(encoded, isNumbers);
        levels.reset();
        plain.reset();
        range.reset();
        texts = 0;
        bytes = 0;
    }

    private BytesInput encoded() throws IOException {
        if (!isPlain && texts > 0) {
            BytesInput encoded = encodedNumbers();
            if (entriesUsed > 0 || encoded.size() + dictionary.bytes() < bytes) {
                return encoded;
            }
            endDictionary(); // it does not pay
        }
        return plain.bytes();
    }

    private BytesInput encodedNumbers() throws IOException {
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, dictionary.size() - 1));
        var encoder =
                new RunLengthBitPackingHybridEncoder(width, NUMBERS_START, PAGE_BYTES, allocator);
        for (int i = 0; i < texts; i++) {
            encoder.writeInt(numbers[i]);
        }
        return BytesInput.concat(BytesInput.from(new byte[] {(byte) width}), encoder.toBytes());
    }

    private void noteRange() {
        BitSet there = new BitSet(dictionary.size());
        for (int i = 0; i < texts; i++) {
            there.set(numbers[i]);
        }
        there.stream().forEach(number -> range.add(dictionary.text(number)));
    }

    @SuppressWarnings("deprecation") // the encoding of dictionaries that version 1 has
    private void writePage(BytesInput encoded, boolean isNumbers) throws IOException {
        long textBytes = bytes - (long) texts * Integer.BYTES;
        pages.writePage(
                BytesInput.concat(levels.bytes(), encoded),
                levels.rows(),
                levels.rows(),
                range.statistics(type, levels.nulls()),
                new SizeStatistics(type, textBytes, List.of(), List.of()),
                GeospatialStatistics.newBuilder(type).build(),
                Encoding.BIT_PACKED, // of no bits: nothing is repeated
                Encoding.RLE,
                isNumbers ? Encoding.PLAIN_DICTIONARY : Encoding.PLAIN);
    }

    /** What is in memory, about. */
    long buffered() {
        return bytes + pages.getMemSize();
    }

    /** The row group ends. */
    @SuppressWarnings("deprecation")
    void finish() throws IOException {
        if (levels.rows() > 0) {
            endPage();
        }
        if (entriesUsed > 0) {
            PlainTexts entries = new PlainTexts();
            for (int number = 0; number < entriesUsed; number++) {
                entries.add(dictionary.text(number));
            }
            pages.writeDictionaryPage(
                    new DictionaryPage(entries.bytes(), entriesUsed, Encoding.PLAIN_DICTIONARY));
        }
    }
}
