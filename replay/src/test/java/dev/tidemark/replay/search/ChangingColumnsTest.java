package dev.tidemark.replay.search;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static dev.tidemark.replay.search.ToldArchive.CONTACT;
import static dev.tidemark.replay.search.ToldArchive.asked;
import static dev.tidemark.replay.search.ToldArchive.contact;
import static dev.tidemark.replay.search.ToldArchive.delete;
import static dev.tidemark.replay.search.ToldArchive.field;
import static dev.tidemark.replay.search.ToldArchive.insert;
import static dev.tidemark.replay.search.ToldArchive.schema;
import static dev.tidemark.replay.search.ToldArchive.told;
import static dev.tidemark.replay.search.ToldArchive.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Columns that come, go and change their names, and rows that are written anew within the window.
 * Each question is asked of segments as they were written, and of merged ones.
 */
class ChangingColumnsTest {
    @TempDir Path folder;

    private ToldArchive archive;

    @BeforeEach
    void begin() throws IOException {
        archive = new ToldArchive(folder);
    }

    private static Entry said(List<Long> rewritten, List<Long> restated) {
        return new Entry.Schema(
                new CatalogChange(
                                "ALTER TABLE",
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                rewritten,
                                restated,
                                false)
                        .json());
    }

    private static Entry again(String... fields) {
        return new Entry.Row(1, Operation.REWRITE, BeforeImage.NONE, List.of(), row(fields));
    }

    @Test
    void aSoftDeleteColumnThatIsRenamedWithinTheWindowIsTheSameColumnAllAlong() throws Exception {
        archive.base(CONTACT);
        archive.segment(
                update(1, "1", "Anna", "a", "t"),
                schema(contact("contact", "stage", "deleted")),
                update(1, "1", "Anne", "a", "t"),
                update(1, "1", "Anne", "a", "f"));
        archive.segment(update(1, "2", "Bert", "b", "f"));

        archive.assertFound(
                asked("", FieldQuestion.NONE),
                archive.profile("soft-delete: {deleted: true}"),
                "contact SOFT DELETE 1",
                "contact UPDATE 1",
                "contact UNDELETE 1",
                "contact UPDATE 2");
    }

    @Test
    void aSoftDeleteColumnThatIsAddedWithinTheWindowIsWhatRowsGotWithIt() throws Exception {
        Table before = table(1, "contact", List.of(1), CONTACT.columns().subList(0, 3));
        archive.written.base(
                at(1), NOON, catalog(before), Map.of(1L, List.of(row("1", "Anna", "a"))));
        List<Column> columns = new ArrayList<>(before.columns());
        columns.add(column(5, "deleted", Optional.of("f")));
        archive.segment(
                insert(1, "2", "Bert", "a"),
                delete(1, "1", 3),
                insert(1, "1", "Anna", "b"),
                schema(table(1, "contact", List.of(1), columns)),
                update(1, "2", "Bert", "a", "t"),
                update(1, "1", "Anna", "b", "f"));

        archive.assertFound(
                asked("", FieldQuestion.NONE),
                archive.profile("soft-delete: {deleted: true}"),
                "contact INSERT 2",
                "contact DELETE 1",
                "contact INSERT 1",
                "contact SOFT DELETE 2",
                "contact UPDATE 1");
    }

    @Test
    void aColumnIsFoundByANameThatItHadOnlyWithinTheWindow() throws Exception {
        archive.base(CONTACT);
        archive.segment(
                update(1, "1", "Anna", "b", "f"),
                schema(contact("contact", "passing", "gone")),
                update(1, "1", "Anna", "c", "f"),
                update(1, "2", "Berta", "a", "f"),
                schema(contact("contact", "phase", "gone")),
                update(1, "1", "Anna", "a", "f"));

        archive.assertFound(
                asked("contact", field("passing", "", "")),
                archive.none(),
                "contact UPDATE 1",
                "contact UPDATE 1",
                "contact UPDATE 1");
        assertThat(told(archive.find(asked("", field("passing", "b", "c")), archive.none())))
                .containsExactly("contact UPDATE 1");
        assertThat(told(archive.find(asked("", field("stage", "c", "a")), archive.none())))
                .containsExactly("contact UPDATE 1");
        assertThat(told(archive.find(asked("", field("phase", "a", "b")), archive.none())))
                .containsExactly("contact UPDATE 1");
    }

    @Test
    void aColumnThatCameAndWentWithinTheWindowIsFound() throws Exception {
        archive.base(CONTACT);
        List<Column> columns = new ArrayList<>(CONTACT.columns());
        columns.add(column(5, "passing", Optional.of("new")));
        archive.segment(
                update(1, "1", "Anne", "a", "f"),
                schema(table(1, "contact", List.of(1), columns)),
                update(1, "1", "Anne", "a", "f", "seen"),
                update(1, "2", "Bert", "b", "f", "new"),
                schema(CONTACT));

        archive.assertFound(
                asked("contact", field("passing", "new", "")), archive.none(), "contact UPDATE 1");
    }

    @Test
    void anUpdateThatMayBeASoftDeleteIsTold() throws Exception {
        archive.base(CONTACT);
        archive.segment(
                new Entry.Message("publication", ""),
                update(1, "1", "Anna", "a", "t"),
                update(1, "2", "Bert", "a", "f"));
        Profile profile = archive.profile("soft-delete: {gone: true}");

        Found found = archive.find(asked("", FieldQuestion.NONE), profile);

        assertThat(told(found)).containsExactly("contact UPDATE 1", "contact UPDATE 2");
        assertThat(found.notes())
                .containsExactly(
                        "2 changes are shown as UPDATE and may be soft deletes or the reverse: what the rows were before is not known");
    }

    @Test
    void rowsThatWereToldAgainAreKnownAndAreNoChanges() throws Exception {
        archive.base(CONTACT);
        archive.segment(
                update(1, "1", "Anna", "b", "f"),
                said(List.of(1L), List.of()),
                again("1", "Anna", "B", "f"),
                again("2", "Bert", "A", "f"),
                said(List.of(), List.of(1L)),
                update(1, "1", "Anna", "C", "f"));
        archive.segment(delete(1, "2", 4));

        archive.assertFound(
                asked("", field("stage", "", "")),
                archive.none(),
                "contact UPDATE 1",
                "contact UPDATE 1",
                "contact DELETE 2");
        for (String before : List.of("A", "B")) {
            Found found = archive.find(asked("", field("stage", before, "")), archive.none());
            assertThat(found.notes()).isEmpty();
            assertThat(found.changes()).as(before).isEqualTo(1);
        }
        assertThat(archive.find(asked("", field("stage", "b", "C")), archive.none()).changes())
                .isZero();
    }

    @Test
    void afterARewriteWhoseRowsWereNotToldItIsNotKnownWhatTheyWere() throws Exception {
        archive.base(CONTACT);
        archive.segment(
                said(List.of(1L), List.of()),
                update(1, "1", "Anna", "b", "f"),
                update(1, "1", "Anna", "c", "f"));

        Found found = archive.find(asked("", field("stage", "", "")), archive.none());

        assertThat(told(found)).containsExactly("contact UPDATE 1");
        assertThat(found.notes())
                .containsExactly("1 change may answer too: what the rows were before is not known");
    }
}
