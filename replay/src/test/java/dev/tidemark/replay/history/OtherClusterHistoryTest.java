package dev.tidemark.replay.history;

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
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A number means a table in its own cluster only, and a name what had it. */
class OtherClusterHistoryTest {
    private static final List<Column> COLUMNS = List.of(column(1, "id"), column(2, "name"));
    private static final Table LEAD = named(1, "lead");
    private static final Optional<Moment> IN_THE_FIRST = Optional.of(new Moment.AtPosition(at(20)));

    @TempDir Path folder;

    private WrittenArchive written;
    private RowHistory rows;

    /** The first one has lead, and the second deal under the same number. */
    @BeforeEach
    void twoClusters() throws IOException {
        written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        written.base(at(1), NOON, catalog(LEAD), Map.of(1L, List.of(row("7", "of a lead"))));
        written.segment(List.of(updated(16, "still"), altered(24, named(1, "prospect"))));
        second(named(1, "deal"));
        rows = new RowHistory(written.archive(), folder);
    }

    private void second(Table... tables) throws IOException {
        written.baseAfterGap(
                at(64),
                NOON.plusSeconds(64),
                catalog(tables),
                Map.of(1L, List.of(row("7", "of a deal"))),
                "an upgrade",
                "7002");
        written.segment(List.of(updated(80, "won")));
    }

    private static Table named(long id, String name) {
        return table(id, name, List.of(1), COLUMNS);
    }

    private static WrittenArchive.Transaction updated(long position, String name) {
        return transaction(
                position,
                new Entry.Row(1, Operation.UPDATE, BeforeImage.NONE, List.of(), row("7", name)));
    }

    private static WrittenArchive.Transaction altered(long position, Table table) {
        return transaction(
                position,
                new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(table)).json()));
    }

    private static WrittenArchive.Transaction transaction(long position, Entry entry) {
        return new WrittenArchive.Transaction(
                at(position), position, NOON.plusSeconds(position), List.of(entry));
    }

    private List<String> told(String table, Optional<Moment> until) throws IOException {
        return rows.changes(request(table, until)).changes().stream()
                .map(one -> one.position().value() + " " + one.table())
                .toList();
    }

    private static HistoryRequest request(String table, Optional<Moment> until) {
        return new HistoryRequest(table, List.of("7"), Optional.empty(), until, List.of(), 1000);
    }

    @Test
    void aNameThatOnlyAnOlderClusterHadIsNoTableOfTheNewest() throws Exception {
        for (String name : List.of("lead", "public.prospect")) {
            String shown = name.equals("lead") ? "public.lead" : name;
            assertThatThrownBy(() -> rows.changes(request(name, Optional.empty())))
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            refused -> {
                                assertThat(refused)
                                        .hasMessage(
                                                "the source had no table %s at that moment"
                                                        .formatted(shown));
                                assertThat(refused.hint())
                                        .isEqualTo(
                                                "Give --until 2026-11-20T12:00:24Z or earlier: then it was another cluster.");
                            });
            assertThatThrownBy(() -> rows.blame(name, List.of("7"), new Moment.Latest()))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessage("the source had no table %s at that moment".formatted(shown));
        }
        assertThat(told("lead", IN_THE_FIRST)).containsExactly("16 public.lead");
        assertThat(told("prospect", IN_THE_FIRST)).containsExactly("16 public.lead");
    }

    @Test
    void aNameThatOnlyTheNewestHasIsNoTableOfAnOlderCluster() throws Exception {
        assertThatThrownBy(() -> rows.changes(request("deal", IN_THE_FIRST)))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        refused -> {
                            assertThat(refused)
                                    .hasMessage(
                                            "the source had no table public.deal at that moment");
                            assertThat(refused.hint())
                                    .isEqualTo(
                                            "Give --until a later one: then it was another cluster.");
                        });
        assertThat(told("deal", Optional.empty()))
                .containsExactly("80 public.deal", "64 public.deal");
    }

    @Test
    void anOlderClustersTableIsFollowedThroughItsOwnGapsByItsNumber() throws Exception {
        WrittenArchive gapped =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        gapped.base(at(1), NOON, catalog(LEAD), Map.of(1L, List.of(row("7", "of a lead"))));
        gapped.segment(List.of(updated(4, "old")));
        gapped.baseAfterGap(
                at(8),
                NOON.plusSeconds(8),
                catalog(named(1, "prospect")),
                Map.of(1L, List.of(row("7", "new"))),
                "the slot was dropped");
        written = gapped;
        gapped.segment(List.of(updated(16, "still"), updated(32, "later")));
        second(named(1, "deal"));
        rows = new RowHistory(gapped.archive(), folder);

        assertThat(told("prospect", IN_THE_FIRST))
                .containsExactly("16 public.prospect", "8 public.prospect", "4 public.lead");
    }

    @Test
    void aTableOfTheNewestIsInAnOlderClusterWhatHadTheNameThatIsAskedFor() throws Exception {
        Table other = named(1, "other");
        WrittenArchive renamed =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        renamed.base(
                at(1), NOON, catalog(named(5, "lead"), other), Map.of(5L, List.of(row("7", "a"))));
        renamed.segment(List.of(updated(16, "of the other")));
        written = renamed;
        second(LEAD, named(5, "other"));
        renamed.segment(List.of(altered(96, named(1, "bargain"))));
        rows = new RowHistory(renamed.archive(), folder);

        assertThat(told("lead", Optional.empty()))
                .as("of the older cluster its base")
                .containsExactly("80 public.lead", "64 public.lead");
        assertThat(rows.changes(request("lead", Optional.empty())).notes())
                .noneMatch(note -> note.contains("another cluster"));
        assertThat(rows.changes(request("bargain", Optional.empty())).notes())
                .anyMatch(note -> note.contains("another cluster"));
    }
}
