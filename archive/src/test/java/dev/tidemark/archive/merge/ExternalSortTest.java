package dev.tidemark.archive.merge;

import static dev.tidemark.archive.Samples.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.parquet.Change;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All come back by key, however many files it takes; and it ends when it is told to. */
class ExternalSortTest {
    /** Several times as many files as are read at a time. */
    private static final int CHANGES = 2_000;

    private static final long MEMORY = 1_000;

    @TempDir Path folder;

    private ExternalSort filled() throws IOException {
        ExternalSort sort = new ExternalSort(folder, MEMORY);
        for (int n = 0; n < CHANGES; n++) {
            int key = n * 7919 % CHANGES; // each once, in no order
            Entry insert =
                    new Entry.Row(
                            1, Operation.INSERT, BeforeImage.NONE, row(), row("value " + key));
            sort.add(ByteBuffer.allocate(4).putInt(key).array(), new Change(key, 1, insert));
        }
        return sort;
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void allComeBackByTheirKeys() throws IOException {
        try (ExternalSort sort = filled()) {
            assertThat(files()).isGreaterThan(128);
            Iterator<ExternalSort.Item> sorted = sort.sorted();
            for (int n = 0; n < CHANGES; n++) {
                assertThat(sort.change(sorted.next()).transaction()).isEqualTo(n);
            }
            assertThat(sorted).isExhausted();
        }
        assertThat(files()).isZero();
    }

    @Test
    void itEndsWhenItIsInterruptedWhileFilesAreMerged() throws IOException {
        try (ExternalSort sort = filled()) {
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(sort::sorted).isInstanceOf(InterruptedIOException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue(); // others are to run in this thread
            }
        }
        assertThat(files()).isZero();
    }
}
