package dev.tidemark.archive.parquet;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.statistics.geospatial.GeospatialStatistics;

/**
 * Passes pages on, without the least and greatest value where these are long. Parquet keeps both of
 * every row group in memory until the file's end, and then leaves them out; a hundred row groups of
 * values of 64 MB would be 13 GB.
 */
final class ShortStatistics implements PageWriteStore {
    /** Two of these are far below what Parquet itself leaves out, which is 4,096 bytes. */
    private static final int VALUE_BYTES_MAX = 1_024;

    private final PageWriteStore pages;

    ShortStatistics(PageWriteStore pages) {
        this.pages = pages;
    }

    @Override
    public PageWriter getPageWriter(ColumnDescriptor column) {
        return new Column(pages.getPageWriter(column));
    }

    @Override
    public void close() {
        pages.close();
    }

    /**
     * One column of a row group. From the first long value on it has none at all: of some pages
     * only they would be wrong for the whole.
     */
    private static final class Column implements PageWriter {
        private final PageWriter pages;

        Column(PageWriter pages) {
            this.pages = pages;
        }

        private static Statistics<?> shortened(Statistics<?> said) {
            boolean isLong =
                    said instanceof BinaryStatistics texts
                            && texts.hasNonNullValue()
                            && Math.max(
                                            texts.genericGetMin().length(),
                                            texts.genericGetMax().length())
                                    > VALUE_BYTES_MAX;
            return isLong ? Statistics.getBuilderForReading(said.type()).build() : said;
        }

        @Override
        public void writePage(
                BytesInput bytes,
                int values,
                int rows,
                Statistics<?> statistics,
                SizeStatistics sizes,
                GeospatialStatistics places,
                Encoding repetitions,
                Encoding definitions,
                Encoding encoding)
                throws IOException {
            pages.writePage(
                    bytes,
                    values,
                    rows,
                    shortened(statistics),
                    sizes,
                    places,
                    repetitions,
                    definitions,
                    encoding);
        }

        @Override
        @SuppressWarnings("deprecation") // it is there, and never called
        public void writePage(
                BytesInput bytes,
                int values,
                Statistics<?> statistics,
                Encoding repetitions,
                Encoding definitions,
                Encoding encoding) {
            throw new UnsupportedOperationException("a page without the number of its rows");
        }

        @Override
        public void writePage(
                BytesInput bytes,
                int values,
                int rows,
                Statistics<?> statistics,
                Encoding repetitions,
                Encoding definitions,
                Encoding encoding) {
            throw new UnsupportedOperationException("a page without its sizes");
        }

        @Override
        public void writePageV2(
                int rows,
                int nulls,
                int values,
                BytesInput repetitions,
                BytesInput definitions,
                Encoding encoding,
                BytesInput bytes,
                Statistics<?> statistics) {
            throw new UnsupportedOperationException("our files have pages of version 1");
        }

        @Override
        public void writeDictionaryPage(DictionaryPage dictionary) throws IOException {
            pages.writeDictionaryPage(dictionary);
        }

        @Override
        public long getMemSize() {
            return pages.getMemSize();
        }

        @Override
        public long allocatedSize() {
            return pages.allocatedSize();
        }

        @Override
        public String memUsageString(String prefix) {
            return pages.memUsageString(prefix);
        }

        @Override
        public void close() {
            pages.close();
        }
    }
}
