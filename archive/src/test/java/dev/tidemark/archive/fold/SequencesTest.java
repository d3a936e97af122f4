package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.SequenceState;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sequence stands where a sample found it that was read after the cut. */
class SequencesTest {
    @TempDir private Path folder;
    private WrittenArchive written;

    @BeforeEach
    void start() throws IOException {
        written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        Catalog none = catalog();
        written.base(
                at(1), NOON, new Catalog(none.server(), List.of(), List.of(sequence())), Map.of());
    }

    private static CatalogObject sequence() {
        return new CatalogObject(
                "sequence",
                7,
                "public",
                "s",
                List.of("CREATE SEQUENCE public.s"),
                CatalogObject.Stage.BEFORE_ROWS,
                List.of(),
                "owner",
                List.of(),
                Optional.empty(),
                "SEQUENCE public.s",
                Optional.empty(),
                Optional.of(
                        new SequenceState(1, false, Optional.empty(), Optional.empty(), false)));
    }

    private static Transaction sample(long position, String content) {
        return new Transaction(at(position), position, NOON, List.of(new Entry.Sequences(content)));
    }

    private static String read(long at, long last) {
        return "{\"at\":\"%s\",\"sequences\":[{\"id\":7,\"last\":%d,\"called\":true}]}"
                .formatted(at(at), last);
    }

    private long lastValueAt(Position cut) throws IOException {
        FoldedDatabase database =
                Fold.run(
                        written.archive(),
                        new Planner(written.archive(), folder)
                                .plan(new Target(new Moment.AtPosition(cut), false)),
                        folder,
                        changes -> {});
        return database.catalog().objects().getFirst().sequence().orElseThrow().lastValue();
    }

    @Test
    void aSampleThatWasReadBeforeTheCutAndCommittedAfterItIsNotTheLastWord() throws IOException {
        written.segment(
                List.of(
                        sample(16, read(10, 5)),
                        Transaction.empty(32, NOON), // got 6 after the next sample was read
                        sample(48, read(20, 5)),
                        sample(64, read(50, 6)),
                        sample(80, read(70, 9))));

        assertThat(lastValueAt(at(32))).isEqualTo(6);
        assertThat(lastValueAt(at(16))).isEqualTo(5);
    }

    @Test
    void theNextSegmentsHaveOneToo() throws IOException {
        written.segment(List.of(Transaction.empty(16, NOON)));
        written.segment(List.of(sample(32, read(10, 5))));
        written.segment(List.of(sample(48, read(40, 6))));

        assertThat(lastValueAt(at(16))).isEqualTo(6);
    }

    @Test
    void aSampleThatDoesNotSayWhenItWasReadIsTaken() throws IOException {
        written.segment(
                List.of(
                        Transaction.empty(16, NOON),
                        sample(32, "[{\"id\":7,\"last\":5,\"called\":true}]"),
                        sample(48, "[{\"id\":7,\"last\":6,\"called\":true}]")));

        assertThat(lastValueAt(at(16))).isEqualTo(5);
    }
}
