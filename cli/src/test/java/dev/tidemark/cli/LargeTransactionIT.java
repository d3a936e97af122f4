package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.Release;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction that is larger than the heap, and that the change log holds in little. */
final class LargeTransactionIT {
    private static final int ROWS = 1_000_000;
    private static final int ROW_BYTES = 300; // as objects several times the heap of 512 MiB

    @TempDir private Path directory;

    @Test
    void aTransactionLargerThanTheHeapIsArchivedWhole() throws Exception {
        try (Deployment tidemark =
                Deployment.start(directory, Release.NEWEST.binaries(), "segment: {max-age: 1s}")) {
            tidemark.execute(
                    "crm",
                    "CREATE TABLE public.import (id int PRIMARY KEY, body text);"
                            + " ALTER TABLE public.import ALTER body SET STORAGE PLAIN");
            Outcome init = tidemark.process("init");
            assertThat(init.code()).as(init.err()).isZero();
            tidemark.service("run");

            tidemark.execute(
                    "crm",
                    "INSERT INTO public.import SELECT i, repeat('x', %d) FROM generate_series(1, %d) i"
                            .formatted(ROW_BYTES, ROWS));
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);

            Outcome first = tidemark.process("history", "public.import", "1");
            assertThat(first.code()).as(first.err()).isZero();
            Outcome last = tidemark.process("history", "public.import", String.valueOf(ROWS));
            assertThat(last.code()).as(last.err()).isZero();
        }
    }
}
