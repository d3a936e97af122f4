package dev.tidemark.archive.parquet;

import java.util.Arrays;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/**
 * The least and greatest text of a page. Parquet keeps both of every page in memory until the
 * file's end, so a page with a long text does not tell them; nor does its row group then. For one
 * thread.
 */
final class TextRange {
    private static final int BYTES_MAX = 1_024;

    private byte @Nullable [] least;
    private byte[] greatest = {};
    private boolean hasLong;

    void add(byte[] text) {
        if (text.length > BYTES_MAX) {
            hasLong = true;
        } else if (least == null) {
            least = text;
            greatest = text;
        } else if (Arrays.compareUnsigned(text, least) < 0) {
            least = text;
        } else if (Arrays.compareUnsigned(text, greatest) > 0) {
            greatest = text;
        }
    }

    void addLong() {
        hasLong = true;
    }

    Statistics<?> statistics(PrimitiveType type, int nulls) {
        if (hasLong) {
            return Statistics.getBuilderForReading(type).build();
        }
        Statistics<?> all = Statistics.createStats(type);
        if (least != null) {
            all.updateStats(Binary.fromConstantByteArray(least));
            all.updateStats(Binary.fromConstantByteArray(greatest));
        }
        all.incrementNumNulls(nulls);
        return all;
    }

    /** The next page begins. */
    void reset() {
        least = null;
        greatest = new byte[0];
        hasLong = false;
    }
}
