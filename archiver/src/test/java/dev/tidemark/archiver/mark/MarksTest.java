package dev.tidemark.archiver.mark;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name stands for one moment of one stretch until it is taken back. */
class MarksTest {
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

    @TempDir private Path folder;
    private ObjectStore store;
    private WrittenArchive archiver;

    @BeforeEach
    void startAnArchive() throws IOException {
        store = new MemoryObjectStore();
        archiver = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        archiver.base(1, NOON);
        archiver.segment(List.of(empty(16), empty(32)));
    }

    private static Transaction empty(long position) {
        return Transaction.empty(position, NOON.plusSeconds(position));
    }

    private Mark added(Archive archive, String name, Moment moment) throws IOException {
        return new Marks(archive, CLOCK).add(name, new Target(moment, false), "why", folder);
    }

    private RestorePlan plan(Archive archive, String name, boolean isBefore) throws IOException {
        return new Planner(archive, folder).plan(new Target(new Moment.AtMark(name), isBefore));
    }

    @Test
    void aMarkIsTheCutOfItsMoment() throws IOException {
        Mark mark = added(Archive.open(store), "before the import", new Moment.AtPosition(at(20)));

        Archive archive = Archive.open(store);
        assertThat(mark.position()).isEqualTo(at(16));
        assertThat(mark.time()).isEqualTo(NOON.plusSeconds(16));
        assertThat(archive.state().marks()).containsExactly(mark);
        assertThat(plan(archive, "before the import", false).cut().position()).isEqualTo(at(16));
        assertThatThrownBy(() -> plan(archive, "before the import", true))
                .hasMessage("a mark stands after a transaction, which --before would leave out");
    }

    @Test
    void theArchiverGoesOnAfterIt() throws IOException {
        added(archiver.archive(), "here", new Moment.Latest());

        archiver.segment(List.of(empty(48)));

        assertThat(plan(Archive.open(store), "here", false).cut().position()).isEqualTo(at(32));
        assertThat(Archive.damage(store)).isEmpty();
    }

    @Test
    void aMarkOfAnArchiveThatSomebodyElseWritesToIsPublishedAfterThat() throws IOException {
        Archive late = Archive.open(store);
        archiver.segment(List.of(empty(48)));

        assertThat(added(late, "late", new Moment.Latest()).position()).isEqualTo(at(48));
    }

    @Test
    void aPositionOfTwoHistoriesIsThatOfItsOwn() throws IOException {
        added(archiver.archive(), "old", new Moment.AtPosition(at(32)));
        archiver.baseAfterGap(at(8), NOON.plusSeconds(90), catalog(), Map.of(), "restored");
        archiver.segment(List.of(Transaction.empty(32, NOON.plusSeconds(99))));
        added(archiver.archive(), "new", new Moment.Latest());

        Archive archive = Archive.open(store);

        assertThat(plan(archive, "old", false).base().span().to()).isEqualTo(at(1));
        assertThat(plan(archive, "new", false).base().span().to()).isEqualTo(at(8));
    }

    @Test
    void aNameIsTakenOnceAndAgainWhenItWasTakenBack() throws IOException {
        Archive archive = archiver.archive();
        added(archive, "here", new Moment.Latest());

        assertThatThrownBy(() -> added(archive, "here", new Moment.Latest()))
                .hasMessage("the mark 'here' is there already, at 0/20 (2026-11-20T12:00:32Z)");
        new Marks(archive, CLOCK).remove("here");
        assertThatThrownBy(() -> new Marks(archive, CLOCK).remove("here"))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error).hasMessageStartingWith("there is no mark 'here' in ");
                            assertThat(error.hint()).isEqualTo("'tidemark mark' lists the marks.");
                        });
        assertThatThrownBy(() -> plan(archive, "here", false))
                .hasMessageStartingWith("there is no mark 'here' in the archive ");
        assertThat(added(archive, "here", new Moment.AtPosition(at(16))).position())
                .isEqualTo(at(16));
        assertThat(archive.state().marks()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a ", "a\tb", "a\nb"})
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> added(archiver.archive(), name, new Moment.Latest()))
                .hasMessage("not a name of a mark: '" + name + "'");
    }
}
