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
import static dev.tidemark.replay.search.ToldArchive.drop;
import static dev.tidemark.replay.search.ToldArchive.field;
import static dev.tidemark.replay.search.ToldArchive.insert;
import static dev.tidemark.replay.search.ToldArchive.schema;
import static dev.tidemark.replay.search.ToldArchive.told;
import static dev.tidemark.replay.search.ToldArchive.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that come, go and change their names within the window. Each question is asked of segments
 * as they were written, and of merged ones.
 */
class ChangingTablesTest {
    @TempDir Path folder;

    private ToldArchive archive;

    @BeforeEach
    void begin() throws IOException {
        archive = new ToldArchive(folder);
    }

    private static Table partition(long id, String name, long parent) {
        Table plain = table(id, name, List.of(1), List.of(column(1, "id"), column(2, "text")));
        return plain.withParents(
                List.of(parent), Optional.of("FOR VALUES IN ('x')"), plain.columns(), List.of());
    }

    private static Table partitioned(long id, String name) {
        Table plain = table(id, name, List.of(1), List.of(column(1, "id"), column(2, "text")));
        return new Table(
                id,
                1,
                "public",
                name,
                "p",
                "p",
                "d",
                plain.columns(),
                List.of(1),
                false,
                Optional.of("LIST (text)"),
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                "owner",
                List.of(),
                Optional.empty());
    }

    private void assertNamesAreOfClusters() throws IOException {
        assertThat(told(archive.find(asked("offer", FieldQuestion.NONE), archive.none())))
                .containsExactly("offer INSERT 1", "offer INSERT 2");
        assertThat(told(archive.find(asked("deal", FieldQuestion.NONE), archive.none())))
                .containsExactly("offer INSERT 1");
        assertThat(told(archive.find(asked("contact", FieldQuestion.NONE), archive.none())))
                .containsExactly("contact INSERT 3", "contact INSERT 4");
    }

    @Test
    void partitionsThatCameAndWentWithinTheWindowAreSearchedWithTheirTable() throws Exception {
        archive.base(CONTACT, partitioned(10, "event"));
        archive.segment(
                schema(partition(11, "event_1", 10)),
                insert(11, "1", "in a partition"),
                schema(
                        partitioned(12, "event_2")
                                .withParents(
                                        List.of(10L),
                                        Optional.of("DEFAULT"),
                                        partitioned(12, "").columns(),
                                        List.of())),
                schema(partition(13, "event_2_1", 12)),
                insert(13, "2", "in one of one"));
        archive.segment(insert(1, "3", "Cleo", "a", "f"), drop(11, 12, 13));

        archive.assertFound(
                asked("event", FieldQuestion.NONE),
                archive.none(),
                "event_1 INSERT 1",
                "event_2_1 INSERT 2");
    }

    @Test
    void tablesThatCameAndWentWithinTheWindowAreAmongAll() throws Exception {
        archive.base(CONTACT);
        Table passing =
                table(5, "passing", List.of(1), List.of(column(1, "id"), column(2, "fleeting")));
        archive.segment(schema(passing), insert(5, "1", "x"), drop(5));
        archive.segment(insert(1, "3", "Cleo", "a", "f"));

        archive.assertFound(
                asked("", FieldQuestion.NONE),
                archive.none(),
                "passing INSERT 1",
                "contact INSERT 3");
    }

    @Test
    void aColumnOfATableThatCameAndWentIsFound() throws Exception {
        archive.base(CONTACT);
        Table passing =
                table(5, "passing", List.of(1), List.of(column(1, "id"), column(2, "fleeting")));
        archive.segment(schema(passing), insert(5, "1", "x"), drop(5));

        archive.assertFound(
                asked("", field("fleeting", "", "x")), archive.none(), "passing INSERT 1");
    }

    @Test
    void aTableThatWasMadeAnewUnderItsNameIsSearchedInAllItsLives() throws Exception {
        archive.base(CONTACT);
        Table again = table(7, "contact", List.of(1), List.of(column(1, "id"), column(2, "name")));
        archive.segment(
                update(1, "1", "Anne", "a", "f"), drop(1), schema(again), insert(7, "1", "Cleo"));

        Found found = archive.find(asked("contact", FieldQuestion.NONE), archive.none());

        assertThat(found.notes())
                .containsExactly(
                        "2 tables had the name public.contact in this time, one after the other: changes of all of them are found, told apart as life 1 to 2 of the name");
        assertThat(found.counts())
                .extracting(count -> count.operation() + " " + count.life() + " " + count.rows())
                .containsExactly("UPDATE Optional[1] 1", "INSERT Optional[2] 1");
        assertThat(found.rows())
                .extracting(row -> row.operation() + " " + row.life())
                .containsExactly("INSERT Optional[2]", "UPDATE Optional[1]");
        archive.assertFound(
                asked("public.contact", FieldQuestion.NONE),
                archive.none(),
                "contact UPDATE 1",
                "contact INSERT 1");
        archive.assertFound(asked("contact", field("stage", "", "")), archive.none());
    }

    @Test
    void tablesThatSwappedTheirNamesAreSearchedByBoth() throws Exception {
        Table next =
                table(7, "contact_new", List.of(1), List.of(column(1, "id"), column(2, "name")));
        archive.base(CONTACT, next);
        archive.segment(
                update(1, "1", "Anne", "a", "f"),
                insert(7, "8", "Cleo"),
                schema(
                        contact("contact_old", "stage", "gone"),
                        table(7, "contact", List.of(1), next.columns())),
                insert(7, "9", "Dora"),
                update(1, "2", "Berta", "a", "f"));

        archive.assertFound(
                asked("contact", FieldQuestion.NONE),
                archive.none(),
                "contact UPDATE 1",
                "contact_new INSERT 8",
                "contact INSERT 9",
                "contact_old UPDATE 2");
        assertThat(told(archive.find(asked("contact_new", FieldQuestion.NONE), archive.none())))
                .containsExactly("contact_new INSERT 8", "contact INSERT 9");
    }

    @Test
    void aNameOfBeforeTheWindowMeansTheTableThatHasAnotherOneInIt() throws Exception {
        archive.base(CONTACT);
        archive.segment(
                schema(contact("person", "stage", "gone")),
                update(1, "1", "Anne", "a", "f"),
                schema(table(7, "contact", List.of(1), List.of(column(1, "id")))),
                insert(7, "1"));
        SearchRequest all = asked("contact", FieldQuestion.NONE);
        SearchRequest late =
                new SearchRequest(
                        all.table(),
                        all.fields(),
                        all.kinds(),
                        all.actor(),
                        Optional.of(new Moment.AtPosition(at(12))),
                        Optional.empty(),
                        100);

        assertThat(told(archive.find(late, archive.none()))).containsExactly("contact INSERT 1");
        assertThat(archive.find(late, archive.none()).notes()).isEmpty();
        archive.assertFound(all, archive.none(), "person UPDATE 1", "contact INSERT 1");
        assertThat(told(archive.find(asked("person", FieldQuestion.NONE), archive.none())))
                .containsExactly("person UPDATE 1");
    }

    @Test
    void inAnotherClusterATableIsKnownByItsNameAndNotByItsNumber() throws Exception {
        Table deal = table(2, "deal", List.of(1), List.of(column(1, "id"), column(2, "name")));
        archive.base(CONTACT, deal);
        archive.segment(
                schema(table(2, "offer", List.of(1), deal.columns())),
                insert(2, "1", "of the old cluster"),
                insert(1, "3", "Cleo", "a", "f"));
        archive.written.baseAfterGap(
                at(100),
                NOON.plusSeconds(100),
                catalog(
                        table(1, "offer", List.of(1), deal.columns()),
                        table(2, "contact", List.of(1), deal.columns())),
                Map.of(),
                "the source is another cluster",
                "7002");
        archive.segment(insert(1, "2", "of the new cluster"), insert(2, "4", "Dora"));

        for (int n = 0; n < 2; n++) {
            assertNamesAreOfClusters();
            Stretch older = archive.written.archive().state().stretches().getFirst();
            MergedByHand.replace(
                    archive.written.archive(),
                    older.base(),
                    older.segments(),
                    folder,
                    Integer.MAX_VALUE);
        }
    }

    @Test
    void acrossAGapInOneClusterATableAndAColumnAreKnownByTheirNumbers() throws Exception {
        archive.base(CONTACT);
        archive.segment(update(1, "1", "Anna", "b", "f"));
        archive.written.baseAfterGap(
                at(100),
                NOON.plusSeconds(100),
                catalog(contact("person", "phase", "gone")),
                Map.of(1L, List.of(row("1", "Anna", "c", "f"))),
                "the slot was lost");
        archive.segment(update(1, "1", "Anna", "d", "f"));

        for (String table : List.of("contact", "person")) {
            for (String column : List.of("stage", "phase")) {
                Found found = archive.find(asked(table, field(column, "", "")), archive.none());
                assertThat(told(found)).containsExactly("contact UPDATE 1", "person UPDATE 1");
                assertThat(found.notes()).hasSize(1);
            }
        }
        assertThat(told(archive.find(asked("person", field("stage", "c", "d")), archive.none())))
                .containsExactly("person UPDATE 1");
        assertThat(told(archive.find(asked("person", field("stage", "b", "d")), archive.none())))
                .isEmpty();
    }
}
