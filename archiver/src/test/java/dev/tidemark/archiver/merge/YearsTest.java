package dev.tidemark.archiver.merge;

import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An archive of fifty tables in use for months: how many objects there are is bounded by the time
 * and the tables, not by how many segments there were.
 */
class YearsTest {
    private static final int TABLES = 50;
    private static final int DAYS = Integer.getInteger("years.days", 40);
    private static final int SEGMENTS_A_DAY = 6;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Transactions, journal, catalog; that may be another's. */
    private static final int FILES_BESIDE_TABLES = 2;

    @TempDir Path folder;

    private final ObjectStore store = new MemoryObjectStore();

    @Test
    void objectsAreBoundedByMonthsAndTables() throws IOException {
        WrittenArchive archiver =
                new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        Table[] tables =
                LongStream.rangeClosed(1, TABLES)
                        .mapToObj(
                                id ->
                                        table(
                                                id,
                                                "t" + id,
                                                List.of(1),
                                                List.of(column(1, "id"), column(2, "v"))))
                        .toArray(Table[]::new);
        archiver.base(at(1), START, catalog(tables), Map.of());
        for (int day = 0; day < DAYS; day++) {
            for (int n = 0; n < SEGMENTS_A_DAY; n++) {
                archiver.archive().refresh();
                archiver.segment(List.of(changeOfEveryTable(day * SEGMENTS_A_DAY + n)));
            }
            merge(START.plus(Duration.ofDays(day + 1L)));
        }
        merge(START.plus(Duration.ofDays(DAYS + 1L)));

        Archive archive = Archive.open(store);
        int months = DAYS / 31 + 1;
        int days = 31;
        long inForce =
                archive.state().segments().stream().mapToLong(one -> one.files().size()).sum();
        assertThat(archive.state().segments().size()).isLessThanOrEqualTo(months + days + 2);
        assertThat(inForce)
                .isLessThanOrEqualTo(
                        (long) (months + days) * (TABLES + FILES_BESIDE_TABLES + 1) + 4);
        assertThat(names("data/"))
                .hasSizeLessThanOrEqualTo((int) inForce + TABLES + SEGMENTS_A_DAY * 4);
        assertThat(changes(archive)).isEqualTo((long) DAYS * SEGMENTS_A_DAY * TABLES);
        assertThat(Archive.damage(store)).isEmpty();
    }

    private static Transaction changeOfEveryTable(int number) {
        List<Entry> entries = new ArrayList<>();
        for (long table = 1; table <= TABLES; table++) {
            entries.add(
                    new Entry.Row(
                            table,
                            Operation.INSERT,
                            BeforeImage.NONE,
                            List.of(),
                            row(Integer.toString(number), "v")));
        }
        Instant time =
                START.plus(Duration.ofDays(1).dividedBy(SEGMENTS_A_DAY).multipliedBy(number));
        return new Transaction(at(number + 2L), number, time, entries);
    }

    private void merge(Instant now) throws IOException {
        MergeLimits limits =
                new MergeLimits(1 << 30, 1 << 20, Duration.ofHours(6), Duration.ofDays(7));
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        new Merge(Archive.open(store), folder, clock, limits, false).run(Merge.Progress.NONE);
    }

    private static long changes(Archive archive) {
        return archive.state().segments().stream()
                .map(Manifest::span)
                .mapToLong(span -> span.changes())
                .sum();
    }

    private List<String> names(String folderName) throws IOException {
        List<String> all = new ArrayList<>();
        for (String after = ""; ; after = all.getLast()) {
            List<String> some = store.list(folderName, after, 1_000);
            if (some.isEmpty()) {
                return all;
            }
            all.addAll(some);
        }
    }
}
