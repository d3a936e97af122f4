package dev.tidemark.archive.fold;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.catalog.SchemaChanges;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base at 1, transactions at even positions, looks between. */
final class UntoldChangesTest {
    private static final Table TABLE = table(1, "t", List.of(1), List.of(column(1, "id")));
    private static final Table WIDER =
            table(1, "t", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final CatalogObject VIEW = object(7, "SELECT 1");

    @TempDir private Path folder;
    private WrittenArchive written;

    @BeforeEach
    void start() throws IOException {
        written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        written.base(new Position(1), NOON, catalog(TABLE), Map.of());
    }

    private static CatalogObject object(long id, String definition) {
        return new CatalogObject(
                "view",
                id,
                "public",
                "v",
                List.of(definition),
                CatalogObject.Stage.BEFORE_ROWS,
                List.of(),
                "owner",
                List.of(),
                Optional.empty(),
                "VIEW public.v",
                Optional.empty(),
                Optional.empty());
    }

    private static Instant time(long position) {
        return NOON.plusSeconds(position);
    }

    private static Look look(long from, long at) {
        return new Look(new Position(from), new Position(at), NOON, SchemaChanges.TRIGGERS);
    }

    private static Entry finding(
            Look look, List<Table> tables, List<CatalogObject> objects, List<String> gone) {
        return new Entry.Schema(
                new CatalogChange(
                                "look",
                                tables,
                                objects,
                                List.of(),
                                gone,
                                List.of(),
                                List.of(),
                                true,
                                Optional.of(look))
                        .json());
    }

    private static Entry restated() {
        return new Entry.Schema(
                new CatalogChange(
                                "image",
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(1L),
                                false)
                        .json());
    }

    private static Entry nothing(Look look) {
        return new Entry.Message(
                Look.MESSAGE, new String(CanonicalJson.write(look), StandardCharsets.UTF_8));
    }

    private void segment(long position, Entry... entries) throws IOException {
        written.segment(
                List.of(
                        new Transaction(
                                new Position(position),
                                position,
                                time(position),
                                List.of(entries))));
    }

    private Untold untold(long cut) throws IOException {
        Planner planner = new Planner(written.archive(), folder);
        return UntoldChanges.at(
                written.archive(),
                planner.plan(new Target(new Moment.AtPosition(new Position(cut)), false)),
                folder);
    }

    @Test
    void aTableIsRefusedFromTheLookBeforeItsChangeUntilTheLookThatFindsIt() throws IOException {
        segment(2);
        segment(4, nothing(look(1, 3)));
        segment(6);
        segment(8);
        segment(10, finding(look(3, 9), List.of(WIDER), List.of(), List.of()), restated());
        segment(12);

        assertThat(untold(2).tables()).isEmpty();
        assertThat(untold(4).tables()).containsExactly("public.t");
        assertThat(untold(10).tables()).isEmpty();
        assertThatThrownBy(() -> untold(8).requireTables())
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "not known at 0/8: public.t; a look at the source's catalog at 0/A (%s) found a"
                                                    + " change, made after 0/3, that nothing had told of",
                                            time(10));
                            assertThat(error.hint())
                                    .isEqualTo(
                                            "The nearest moments are --to 0/3 before it and --to 0/A after it.");
                        });
    }

    @Test
    void noMomentAfterIsNamedWhenTheLookCouldNotTellTheRows() throws IOException {
        segment(2);
        segment(4, finding(look(1, 3), List.of(WIDER), List.of(), List.of()));

        assertThatThrownBy(() -> untold(2).requireTables())
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error ->
                                assertThat(error.hint())
                                        .isEqualTo(
                                                "The nearest moment before it is --to 0/1. The rows of public.t are not known after it either, until capture tells or copies them."));
    }

    @Test
    void aCutThatALookBeganBeforeNeedsTheNextOne() throws IOException {
        segment(4, nothing(look(1, 3)));
        segment(6);
        segment(8, nothing(look(3, 5)));
        segment(10, finding(look(5, 9), List.of(WIDER), List.of(), List.of()));

        assertThat(untold(4).tables()).isEmpty();
        assertThat(untold(6).tables()).containsExactly("public.t");
    }

    @Test
    void aCutThatNoLookHasReachedSaysSo() throws IOException {
        segment(4, nothing(look(1, 3)));
        segment(6);

        assertThat(untold(2).note()).isEmpty();
        assertThat(untold(6).note())
                .contains(
                        "the source's schema was last read whole at %s (0/3): a change since then that no trigger told of would not be known yet"
                                .formatted(NOON));
    }

    @Test
    void otherObjectsAreNamedAndNotRefused() throws IOException {
        segment(2);
        segment(4, finding(look(1, 3), List.of(), List.of(VIEW), List.of()));

        Untold untold = untold(2);

        untold.requireTables();
        assertThat(untold.uncertain())
                .containsExactly(
                        "view public.v: a look at 0/4 (%s) found it changed since 0/1, and nothing told when"
                                .formatted(time(4)));
    }

    @Test
    void whatWasBuiltAnewUnderAnotherNumberIsTheSame() throws IOException {
        segment(2, finding(look(1, 1), List.of(), List.of(VIEW), List.of()));
        segment(4);
        segment(
                6,
                finding(
                        look(1, 5),
                        List.of(TABLE),
                        List.of(object(8, "SELECT 1")),
                        List.of("view:7")));

        assertThat(untold(4).uncertain()).isEmpty();
        assertThat(untold(4).tables()).isEmpty();
    }

    @Test
    void aChangedPublicationMakesEveryTableUncertain() throws IOException {
        segment(2);
        segment(
                4,
                new Entry.Message("publication", "{}"),
                finding(look(1, 3), List.of(), List.of(), List.of()));

        assertThat(untold(2).tables())
                .containsExactly("every table, since the publication was changed");
    }
}
