package dev.tidemark.archive.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Goes through a column of a row group value by value, over pages of version 1, as {@link
 * TextColumn} and Parquet's own writer write them. For one thread.
 */
final class ColumnPages {
    private static final HybridRuns NOTHING = new HybridRuns(new byte[0], 0, 0);

    private final PageReader pages;
    private final int repetitionsMax;
    private final int definitionsMax;
    private final boolean isBoolean;
    private long left; // of the row group
    private int leftOfPage;
    private long pageEnd; // the row after the page's last one, in a column of no list
    private HybridRuns repetitions = NOTHING;
    private HybridRuns definitions = NOTHING;
    private HybridRuns numbers = NOTHING;
    private ByteBuffer plain = ByteBuffer.allocate(0);
    private boolean isNumber;
    private int repetition;
    private int definition;

    ColumnPages(ColumnDescriptor column, PageReader pages) {
        this.pages = pages;
        this.repetitionsMax = column.getMaxRepetitionLevel();
        this.definitionsMax = column.getMaxDefinitionLevel();
        this.isBoolean =
                column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BOOLEAN;
        this.left = pages.getTotalValueCount();
    }

    /** Without a copy where they are an array already. */
    static ByteBuffer buffer(BytesInput bytes) {
        return bytes.toByteBuffer(new HeapByteBufferAllocator(), room -> {})
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean hasNext() {
        return left > 0;
    }

    /** Moves on to the next value. */
    void next() {
        while (leftOfPage == 0) {
            begin(pages.readPage());
        }
        leftOfPage--;
        left--;
        repetition = repetitionsMax == 0 ? 0 : repetitions.next();
        definition = definitionsMax == 0 ? 0 : definitions.next();
    }

    /**
     * Passes over values that are not there, or lists that are not, until one is.
     *
     * @param most not more than these
     * @return how many
     */
    long passMissing(long most) {
        long passed = 0;
        while (left > 0 && passed < most) {
            while (leftOfPage == 0) {
                begin(pages.readPage());
            }
            int missing = definitions.passOver(0, (int) Math.min(leftOfPage, most - passed));
            if (repetitionsMax > 0) {
                repetitions.skip(missing);
            }
            passed += missing;
            leftOfPage -= missing;
            left -= missing;
            if (leftOfPage > 0) {
                break;
            }
        }
        return passed;
    }

    /**
     * Passes over values, there or not, of a column of no list.
     *
     * @param bytes that one takes where no number stands for it; 0 where that differs
     */
    void skip(long count, int bytes) {
        for (long rest = count; rest > 0; ) {
            while (leftOfPage == 0) {
                begin(pages.readPage());
            }
            int some = Math.toIntExact(Math.min(leftOfPage, rest));
            int there = definitionsMax == 0 ? some : definitions.skipCounting(definitionsMax, some);
            if (isNumber) {
                numbers.skip(there);
            } else if (bytes > 0) {
                plain.position(plain.position() + Math.multiplyExact(there, bytes));
            } else {
                for (int n = 0; n < there; n++) {
                    Texts.skip(plain);
                }
            }
            leftOfPage -= some;
            left -= some;
            rest -= some;
        }
    }

    /** Passes over all before a row of the row group, of which pages may be left out. */
    void passTo(long row) {
        while (pageEnd <= row) {
            leftOfPage = 0;
            begin(pages.readPage());
        }
        long before = row - (pageEnd - leftOfPage);
        if (before < 0) {
            throw new IllegalArgumentException("the pages of a row are not there");
        }
        skip(before, 0);
    }

    /** Does the value go on with a list? */
    boolean goesOn() {
        return repetition > 0;
    }

    /** Is there a value? */
    boolean isThere() {
        return definition == definitionsMax;
    }

    /** Is there an element of a list that is null, where elements may be? */
    boolean isNullElement() {
        return definition == definitionsMax - 1;
    }

    /** Does a number of a dictionary stand for it? A boolean is its own number. */
    boolean isNumber() {
        return isNumber;
    }

    /** The number, to be asked for once. */
    int number() {
        return numbers.next();
    }

    /** Where it is, to be read once. */
    ByteBuffer plain() {
        return plain;
    }

    private void begin(DataPage page) {
        if (!(page instanceof DataPageV1 known)) {
            throw new IllegalArgumentException("not as many values as rows");
        }
        leftOfPage = known.getValueCount();
        pageEnd = known.getFirstRowIndex().orElse(pageEnd) + leftOfPage;
        plain = buffer(known.getBytes());
        repetitions = levels(repetitionsMax);
        definitions = levels(definitionsMax);
        switch (known.getValueEncoding()) {
            case PLAIN -> {
                isNumber = isBoolean;
                numbers = isBoolean ? HybridRuns.packed(plain.array(), place(), 1) : NOTHING;
            }
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                isNumber = true;
                int width = plain.hasRemaining() ? plain.get() : 0;
                numbers = new HybridRuns(plain.array(), place(), width);
            }
            default ->
                    throw new IllegalArgumentException(
                            "values in the encoding " + known.getValueEncoding());
        }
    }

    private HybridRuns levels(int max) {
        if (max == 0) {
            return NOTHING;
        }
        int size = plain.getInt();
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(max);
        HybridRuns levels = new HybridRuns(plain.array(), place(), width);
        plain.position(plain.position() + size);
        return levels;
    }

    private int place() {
        return plain.arrayOffset() + plain.position();
    }
}
