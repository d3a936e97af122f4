package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bases of single tables: tables start from the newest one that the cut has reached. */
class TableBaseTest {
    private static final int SEEDS = 40;

    @TempDir Path folder;

    private WrittenArchive start() throws IOException {
        return new WrittenArchive(
                Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
    }

    private FoldedDatabase folded(Archive archive, Position cut, Set<String> withoutRows)
            throws IOException {
        return RandomBases.folded(archive, folder, cut, withoutRows);
    }

    @Test
    void aFoldIsWhatANaiveModelHasForRandomRewritesAndBases() throws IOException {
        RandomBases.checkAll(folder, SEEDS, (archive, random, other) -> {});
    }

    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final Table OTHER =
            table(2, "other", List.of(1), List.of(column(1, "id"), column(2, "v")));

    private static Transaction transaction(long position, Entry... entries) {
        return new Transaction(
                at(position), position, NOON.plusSeconds(position), List.of(entries));
    }

    private static Entry rewrite(long table) {
        return new Entry.Schema(
                new CatalogChange(
                                "ALTER TABLE",
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(table),
                                List.of(),
                                false)
                        .json());
    }

    private static Entry insert(long table, String... row) {
        return new Entry.Row(table, Operation.INSERT, BeforeImage.NONE, List.of(), row(row));
    }

    /** Base at 1; rewritten at 16, an insert at 32, rewritten again at 48; bases at 40 and 64. */
    private WrittenArchive twoWindows() throws IOException {
        WrittenArchive written = start();
        written.base(
                at(1),
                NOON,
                catalog(DEAL, OTHER),
                Map.of(1L, List.of(row("1", "a")), 2L, List.of(row("1", "x"))));
        written.segment(
                List.of(
                        transaction(16, rewrite(1)),
                        transaction(32, insert(1, "2", "b"), insert(2, "2", "y")),
                        transaction(48, rewrite(1)),
                        transaction(80, insert(1, "3", "c"))));
        written.tableBase(
                at(40),
                NOON.plusSeconds(41),
                Map.of(DEAL, List.of(row("1", "A"), row("2", "b"))),
                Set.of());
        written.tableBase(
                at(64),
                NOON.plusSeconds(65),
                Map.of(DEAL, List.of(row("1", "AA"), row("2", "bb"))),
                Set.of(1L));
        return written;
    }

    @Test
    void aMomentInTheWindowIsRefusedWithBothItsEnds() throws IOException {
        Archive archive = twoWindows().archive();

        assertThatThrownBy(() -> folded(archive, at(16), Set.of()))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "the rows of [public.deal] at 0/10 are not known: public.deal: a schema"
                                                    + " change rewrote them at 0/10 (2026-11-20T12:00:16Z) without a"
                                                    + " trace in the stream, and the table's next base is at 0/28"
                                                    + " (2026-11-20T12:00:41Z)");
                            assertThat(error.hint())
                                    .isEqualTo(
                                            "Choose a moment before 0/10 or from 0/28 on, or leave the rows out:"
                                                    + " --exclude-table-data public.deal.");
                            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
                        });
    }

    @Test
    void theBasesOwnPositionIsReachedBetweenTwoTransactions() throws IOException {
        Archive archive = twoWindows().archive();

        assertThat(RandomBases.rows(folded(archive, at(40), Set.of())).get(1L))
                .containsExactlyInAnyOrder(row("1", "A"), row("2", "b"));
        assertThat(RandomBases.rows(folded(archive, at(80), Set.of())).get(1L))
                .containsExactlyInAnyOrder(row("1", "AA"), row("2", "bb"), row("3", "c"));
    }

    @Test
    void rowsThatAreLeftOutNeedNotBeKnown() throws IOException {
        FoldedDatabase folded = folded(twoWindows().archive(), at(16), Set.of("public.deal"));

        assertThat(folded.withoutRows())
                .extracting(Table::displayName)
                .containsExactly("public.deal");
        assertThat(RandomBases.rows(folded)).isEqualTo(Map.of(2L, List.of(row("1", "x"))));
    }

    @Test
    void aTableToLeaveOutHasToBeThere() throws IOException {
        Archive archive = twoWindows().archive();

        assertThatThrownBy(() -> folded(archive, at(16), Set.of("deal")))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error).hasMessage("there is no table deal at 0/10");
                            assertThat(error.hint())
                                    .isEqualTo(
                                            "Name it with its schema as at that moment, without quotes.");
                        });
    }

    @Test
    void windowsAreListedWithBothEnds() throws IOException {
        WrittenArchive written = twoWindows();
        written.segment(List.of(transaction(96, rewrite(2))));

        assertThat(UnknownWindow.of(written.archive(), folder))
                .containsExactly(
                        new UnknownWindow(
                                1,
                                "public.deal",
                                at(16),
                                NOON.plusSeconds(16),
                                Optional.of(at(40)),
                                Optional.of(NOON.plusSeconds(41))),
                        new UnknownWindow(
                                1,
                                "public.deal",
                                at(48),
                                NOON.plusSeconds(48),
                                Optional.of(at(64)),
                                Optional.of(NOON.plusSeconds(65))),
                        new UnknownWindow(
                                2,
                                "public.other",
                                at(96),
                                NOON.plusSeconds(96),
                                Optional.empty(),
                                Optional.empty()));
    }
}
