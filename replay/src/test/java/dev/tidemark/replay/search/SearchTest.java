package dev.tidemark.replay.search;

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
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What changes are for those who ask: by the profile, by who acts, in bursts; and what is refused.
 */
class SearchTest {
    private static final Table CONTACT =
            table(
                    1,
                    "contact",
                    List.of(1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "name", "text", Optional.empty()),
                            column(3, "deleted", "boolean", Optional.empty()),
                            column(4, "modified_by", "text", Optional.empty()),
                            column(5, "owed", "numeric", Optional.empty())));
    private static final Table NOTE =
            table(2, "note", List.of(1), List.of(column(1, "id"), column(2, "text")));

    @TempDir Path folder;

    private WrittenArchive written;

    @BeforeEach
    void write() throws IOException {
        written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        written.base(
                at(1),
                NOON,
                catalog(CONTACT, NOTE),
                Map.of(
                        1L,
                        List.of(
                                row("1", "Anna", "f", "eve", "1.50"),
                                row("2", "Bert", "f", "eve", "2"),
                                row("3", "Cleo", "t", "eve", "null"))));
        written.segment(
                List.of(
                        transaction(10, says("ann"), update("1", "Anna", "t", "bob", "1.50")),
                        transaction(20, update("3", "Cleo", "f", "bob", "null")),
                        transaction(30, update("2", "Berta", "f", "bob", "2.0"))));
        List<Transaction> burst = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            burst.add(
                    transaction(
                            40 + i,
                            says("import"),
                            insert(100 + i, "Imported " + i, "import", "4711.00")));
        }
        burst.add(transaction(1_000, says("import"), insert(200, "Late", "import", "1")));
        burst.add(
                transaction(
                        1_010,
                        new Entry.Row(
                                2,
                                Operation.INSERT,
                                BeforeImage.NONE,
                                List.of(),
                                row("1", "about ANNA")),
                        delete("2"),
                        new Entry.Truncate(List.of(2L), false, false)));
        written.segment(burst);
    }

    private static Transaction transaction(long second, Entry... entries) {
        return new Transaction(
                at(second), 700 + second, NOON.plusSeconds(second), List.of(entries));
    }

    private static Entry says(String actor) {
        return new Entry.Message(
                "context", "{\"actor\":\"%s\",\"reason\":\"why\"}".formatted(actor));
    }

    private static Entry update(String... fields) {
        return new Entry.Row(1, Operation.UPDATE, BeforeImage.NONE, List.of(), row(fields));
    }

    private static Entry insert(int id, String name, String by, String owed) {
        return new Entry.Row(
                1,
                Operation.INSERT,
                BeforeImage.NONE,
                List.of(),
                row(Integer.toString(id), name, "f", by, owed));
    }

    private static Entry delete(String id) {
        List<Value> key =
                List.of(
                        Value.text(id),
                        Value.Mark.UNKNOWN,
                        Value.Mark.UNKNOWN,
                        Value.Mark.UNKNOWN,
                        Value.Mark.UNKNOWN);
        return new Entry.Row(1, Operation.DELETE, BeforeImage.KEY, key, List.of());
    }

    private Profile profile() throws IOException {
        Path file = folder.resolve("profile.yaml");
        Files.writeString(
                file,
                """
                modifier: modified_by
                soft-delete: {deleted: true}
                name: name
                """);
        return Profile.of(ProfileFile.read(file), catalog(CONTACT, NOTE));
    }

    private static FieldQuestion field(String column, Optional<String> from, Optional<String> to) {
        return new FieldQuestion(
                Optional.of(column),
                from.map(FieldQuestion.Wanted::of),
                to.map(FieldQuestion.Wanted::of),
                Optional.empty(),
                Optional.empty());
    }

    private static FieldQuestion containing(String text) {
        return new FieldQuestion(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(text));
    }

    private static FieldQuestion valued(String value) {
        return new FieldQuestion(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(value),
                Optional.empty());
    }

    private static SearchRequest asked(
            FieldQuestion fields, Set<ChangeKind> kinds, Optional<String> actor) {
        return new SearchRequest(
                Optional.empty(), fields, kinds, actor, Optional.empty(), Optional.empty(), 100);
    }

    private Found find(SearchRequest request) throws IOException {
        return new Search(written.archive(), folder, profile(), changes -> {}).find(request, 10);
    }

    private static List<String> told(Found found) {
        return found.rows().stream()
                .map(
                        row ->
                                "%d %s %s %s %s by %s"
                                        .formatted(
                                                row.xid(),
                                                row.table(),
                                                row.operation(),
                                                String.join(",", row.key()),
                                                row.name().orElse("-"),
                                                row.actor()))
                .toList();
    }

    @Test
    void anUpdateThatMakesTheRowCountAsDeletedIsADeletion() throws Exception {
        assertThat(told(find(asked(FieldQuestion.NONE, ChangeKind.deletions(), Optional.empty()))))
                .containsExactly(
                        "1710 public.note TRUNCATE  - by unknown",
                        "1710 public.contact DELETE 2 Berta by unknown",
                        "710 public.contact SOFT DELETE 1 Anna by ann");
        assertThat(
                        told(
                                find(
                                        asked(
                                                FieldQuestion.NONE,
                                                Set.of(ChangeKind.UPDATE, ChangeKind.UNDELETE),
                                                Optional.empty()))))
                .containsExactly(
                        "730 public.contact UPDATE 2 Berta by bob (claimed by the row)",
                        "720 public.contact UNDELETE 3 Cleo by bob (claimed by the row)");
    }

    @Test
    void aValueIsFoundByWhatItMeansAndOnlyWhereItChanged() throws Exception {
        assertThat(
                        told(
                                find(
                                        asked(
                                                field(
                                                        "name",
                                                        Optional.of("Bert"),
                                                        Optional.empty()),
                                                Set.of(),
                                                Optional.empty()))))
                .containsExactly("730 public.contact UPDATE 2 Berta by bob (claimed by the row)");
        assertThat(
                        told(
                                find(
                                        asked(
                                                field(
                                                        "owed",
                                                        Optional.empty(),
                                                        Optional.of("2.00")),
                                                Set.of(),
                                                Optional.empty()))))
                .containsExactly("730 public.contact UPDATE 2 Berta by bob (claimed by the row)");
        assertThat(find(asked(valued("4711"), Set.of(), Optional.empty())).changes()).isEqualTo(12);
        assertThat(told(find(asked(containing("anna"), Set.of(), Optional.empty()))))
                .containsExactly("1710 public.note INSERT 1 - by unknown");
    }

    @Test
    void nullIsAskedForAsItself() throws Exception {
        FieldQuestion question =
                new FieldQuestion(
                        Optional.of("owed"),
                        Optional.of(FieldQuestion.Wanted.NULL),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        assertThat(find(asked(question, Set.of(), Optional.empty())).changes()).isZero();
        written.segment(List.of(transaction(2_000, update("3", "Cleo", "f", "bob", "7"))));

        assertThat(told(find(asked(question, Set.of(), Optional.empty()))))
                .containsExactly("2700 public.contact UPDATE 3 Cleo by bob (claimed by the row)");
    }

    @Test
    void aBurstIsAnIncidentUntilItsActorPauses() throws Exception {
        for (int n = 0; n < 2; n++) {
            Found found =
                    find(asked(FieldQuestion.NONE, Set.of(), Optional.of("import")).showing(0));

            assertThat(found.counts())
                    .containsExactly(
                            new FoundCount(
                                    "public.contact",
                                    Optional.empty(),
                                    "INSERT",
                                    13,
                                    13,
                                    NOON.plusSeconds(40),
                                    NOON.plusSeconds(1_000)));
            assertThat(found.incidents()).hasSize(1);
            Incident incident = found.incidents().getFirst();
            assertThat(incident.who()).isEqualTo("import");
            assertThat(incident.transactions()).isEqualTo(12);
            assertThat(incident.changes()).isEqualTo(12);
            assertThat(incident.before()).isEqualTo(at(40));
            assertThat(incident.xid()).isEqualTo(740);
            assertThat(incident.last()).isEqualTo(at(51));
            assertThat(incident.what())
                    .containsExactly(new Incident.What("public.contact", "INSERT", List.of()));
            if (n == 0) {
                MergedByHand.replace(written.archive(), folder);
            }
        }
    }

    @Test
    void whatAnActorDidIsToldApartByWhoNamedThem() throws Exception {
        written.segment(
                List.of(
                        transaction(
                                2_000, says("bob"), update("3", "Cleopatra", "f", "ann", "null"))));
        ActorSearch search = new ActorSearch(written.archive(), folder, profile(), changes -> {});

        ActorAnswer bob = search.who(asked(FieldQuestion.NONE, Set.of(), Optional.of("bob")));

        assertThat(bob.said()).extracting(FoundCount::changes).containsExactly(1L);
        assertThat(bob.claimed())
                .extracting(count -> count.operation() + " " + count.changes())
                .containsExactly("UPDATE 1", "UNDELETE 1");
        assertThat(bob.transactions())
                .extracting(one -> one.xid() + " " + one.known() + " " + one.reason().orElse("-"))
                .containsExactly("2700 SAID why", "730 CLAIMED -", "720 CLAIMED -");
        assertThat(search.who(asked(FieldQuestion.NONE, Set.of(), Optional.of("an"))).nearest())
                .containsExactly("ann", "bob", "import");
        assertThat(search.all(asked(FieldQuestion.NONE, Set.of(), Optional.empty())).actors())
                .extracting(one -> one.who() + " " + one.transactions() + " " + one.changes())
                .containsExactly(
                        "import 13 13",
                        "unknown 1 3",
                        "bob (claimed by the row) 2 2",
                        "ann 1 1",
                        "bob 1 1");
    }

    @Test
    void onlyTheWindowIsSearchedAndWhatRowsWereAtItsStartIsKnown() throws Exception {
        SearchRequest request =
                new SearchRequest(
                        Optional.of("contact"),
                        field("name", Optional.of("Bert"), Optional.of("Berta")),
                        Set.of(),
                        Optional.empty(),
                        Optional.of(new Moment.AtPosition(at(20))),
                        Optional.of(new Moment.AtPosition(at(30))),
                        100);

        Found found = find(request);

        assertThat(found.notes()).isEmpty();
        assertThat(found.rows()).hasSize(1);
        assertThat(found.rows().getFirst().fields())
                .extracting(field -> field.column() + " " + field.before() + " " + field.after())
                .containsExactly(
                        "name Optional[Bert] Optional[Berta]",
                        "modified_by Optional[eve] Optional[bob]",
                        "owed Optional[2] Optional[2.0]");
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThatThrownBy(
                        () ->
                                find(
                                        asked(
                                                field("nam", Optional.empty(), Optional.empty()),
                                                Set.of(),
                                                Optional.empty())))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("no table has a column 'nam'");
        assertThatThrownBy(
                        () ->
                                find(
                                        asked(
                                                field(
                                                        "deleted",
                                                        Optional.of("x"),
                                                        Optional.empty()),
                                                Set.of(),
                                                Optional.empty())))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("'x' is no boolean");
    }
}
