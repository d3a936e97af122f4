package dev.tidemark.replay.difference;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static dev.tidemark.replay.difference.ComparedArchive.CONTACT;
import static dev.tidemark.replay.difference.ComparedArchive.all;
import static dev.tidemark.replay.difference.ComparedArchive.changed;
import static dev.tidemark.replay.difference.ComparedArchive.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name means each table that had it, and a number one of its own cluster. */
class ChosenTablesTest {
    @TempDir Path folder;

    private ComparedArchive archive;

    @BeforeEach
    void aBaseWithThreeContacts() throws IOException {
        archive = ComparedArchive.ofContacts(folder);
    }

    @Test
    void everyLifeOfANameIsFoundWhetherItsSchemaIsNamedOrNot() throws IOException {
        Table anew = table(7, "contact", List.of(1), CONTACT.columns());
        Table renamed = table(7, "person", List.of(1), CONTACT.columns());
        archive.change(
                10,
                new Entry.Schema(
                        new CatalogChange(
                                        "DROP TABLE",
                                        List.of(anew),
                                        List.of(),
                                        List.of(1L),
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        false)
                                .json()));
        archive.change(
                11,
                new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(renamed)).json()));

        for (String name : List.of("contact", "public.contact")) {
            assertThat(archive.differences().between(target(1), target(11), all(name)).schema())
                    .as(name)
                    .containsExactly(
                            new SchemaChange("table", "public.contact", "dropped"),
                            new SchemaChange("table", "public.person", "created"));
        }
    }

    @Test
    void whatOnlyAnOlderClusterHadIsNotTheTableWithItsNumber() throws IOException {
        Table renamed = table(1, "person", List.of(1), CONTACT.columns());
        archive.change(10, changed(Operation.DELETE, row("10", "ten@x", "{}", "f"), List.of()));
        archive.change(
                11,
                new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(renamed)).json()));
        Table deal = table(1, "deal", List.of(1), CONTACT.columns());
        archive.written()
                .baseAfterGap(
                        at(20),
                        NOON.plusSeconds(60),
                        catalog(deal),
                        Map.of(1L, List.of(row("9", "nine@x", "{}", "f"))),
                        "upgraded",
                        "8002");
        archive.change(30, changed(Operation.DELETE, row("9", "nine@x", "{}", "f"), List.of()));

        for (String name : List.of("contact", "public.person")) {
            assertThat(archive.differences().between(target(1), target(11), all(name)).tables())
                    .as("%s, which was renamed in its own cluster", name)
                    .extracting(DifferingTable::table, DifferingTable::deleted)
                    .containsExactly(tuple("public.person", 1L));
            TidemarkException none =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () -> archive.differences().between(target(20), target(30), all(name)));
            assertThat(none)
                    .hasMessage(
                            "public.%s is no table with rows at 0/14 or 0/1E"
                                    .formatted(name.equals("contact") ? name : "person"));
        }
    }

    @Test
    void ofTheSourceNoTableIsReadForANameThatOnlyAnOlderClusterHad() throws IOException {
        Table deal = table(1, "deal", List.of(1), CONTACT.columns());
        archive.written()
                .baseAfterGap(
                        at(20),
                        NOON.plusSeconds(60),
                        catalog(deal),
                        Map.of(1L, List.of(row("9", "nine@x", "{}", "f"))),
                        "upgraded",
                        "8002");
        LiveSource source = new Unread();

        assertThat(archive.differences().live(target(1), source, all("contact")).tables())
                .extracting(DifferingTable::table, DifferingTable::deleted)
                .containsExactly(tuple("public.contact", 3L));
    }

    /** Of which nothing may be asked. */
    private static final class Unread implements LiveSource {
        @Override
        public List<Table> tables(Set<Long> ids) {
            throw new AssertionError("asked for " + ids);
        }

        @Override
        public Position position() {
            return at(30);
        }

        @Override
        public Instant time() {
            return NOON;
        }

        @Override
        public void rows(Table table, RowSink sink) {
            throw new AssertionError("asked for " + table);
        }
    }
}
