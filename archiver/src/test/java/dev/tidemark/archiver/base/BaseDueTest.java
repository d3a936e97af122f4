package dev.tidemark.archiver.base;

import static dev.tidemark.archive.Samples.NOON;
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
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseDueTest {
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final BaseDue DAILY =
            new BaseDue(Optional.of(Duration.ofDays(1)), OptionalInt.empty());
    private static final BaseDue BY_HALF = new BaseDue(Optional.empty(), OptionalInt.of(50));

    @TempDir Path folder;

    private WrittenArchive archiver;

    @BeforeEach
    void startWithFourRows() throws IOException {
        archiver =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        archiver.base(
                at(1),
                NOON,
                catalog(DEAL),
                Map.of(1L, List.of(row("a", "1"), row("b", "1"), row("c", "1"), row("d", "1"))));
    }

    private void insertAfter(long position, Duration after) throws IOException {
        Entry entry =
                new Entry.Row(
                        1,
                        Operation.INSERT,
                        BeforeImage.NONE,
                        List.of(),
                        row(Long.toString(position), "1"));
        archiver.segment(
                List.of(new Transaction(at(position), position, NOON.plus(after), List.of(entry))));
    }

    private boolean isDue(BaseDue due) {
        return due.isDue(archiver.archive().state());
    }

    @Test
    void itIsDueWhenTheNewestOneIsOldEnough() throws IOException {
        insertAfter(10, Duration.ofHours(23));
        assertThat(isDue(DAILY)).isFalse();

        insertAfter(20, Duration.ofHours(24));
        assertThat(isDue(DAILY)).isTrue();

        FoldedBase.begin(archiver.archive(), folder, Clock.fixed(NOON, ZoneOffset.UTC))
                .orElseThrow()
                .run(FoldedBase.Progress.NONE);
        assertThat(isDue(DAILY)).isFalse();
    }

    @Test
    void itIsDueWhenEnoughHasChanged() throws IOException {
        insertAfter(10, Duration.ofSeconds(1));
        assertThat(isDue(BY_HALF)).isFalse();

        insertAfter(20, Duration.ofSeconds(2));
        assertThat(isDue(BY_HALF)).isTrue();
    }

    @Test
    void nothingIsDueWithoutChangesOrWithoutARule() throws IOException {
        assertThat(isDue(DAILY)).isFalse();

        archiver.segment(List.of(Transaction.empty(10, NOON.plus(Duration.ofDays(9)))));
        assertThat(isDue(DAILY)).isFalse();
        assertThat(isDue(BY_HALF)).isFalse();

        insertAfter(20, Duration.ofDays(9));
        assertThat(isDue(new BaseDue(Optional.empty(), OptionalInt.empty()))).isFalse();
    }
}
