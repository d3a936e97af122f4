package dev.tidemark.replay.difference;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static dev.tidemark.replay.difference.ComparedArchive.CONTACT;
import static dev.tidemark.replay.difference.ComparedArchive.VISIT;
import static dev.tidemark.replay.difference.ComparedArchive.all;
import static dev.tidemark.replay.difference.ComparedArchive.changed;
import static dev.tidemark.replay.difference.ComparedArchive.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.difference.DifferenceRequest.Scope;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MomentDifferenceTest {
    @TempDir Path folder;

    private ComparedArchive archive;

    @BeforeEach
    void aBaseWithThreeContacts() throws IOException {
        archive = ComparedArchive.ofContacts(folder);
    }

    private static List<String> told(Difference difference) {
        return difference.rows().stream()
                .map(
                        row ->
                                "%s %s %s %s"
                                        .formatted(
                                                row.table(),
                                                row.key(),
                                                row.operation(),
                                                row.fields().stream()
                                                        .map(
                                                                field ->
                                                                        "%s %s→%s"
                                                                                .formatted(
                                                                                        field
                                                                                                .name(),
                                                                                        field.before()
                                                                                                .orElse(
                                                                                                        "-"),
                                                                                        field.after()
                                                                                                .orElse(
                                                                                                        "-")))
                                                        .toList()))
                .toList();
    }

    @Test
    void aRowThatIsAsBeforeCountsUnlessOnlyTheEndDoes() throws IOException {
        List<Value> nine = row("9", "nine@x", "{\"a\": 1}", "f");
        archive.change(
                10,
                changed(Operation.UPDATE, List.of(), row("9", "other", "{\"a\": 1}", "f")),
                changed(Operation.INSERT, List.of(), row("12", "t", "{}", "f")));
        archive.change(
                11,
                changed(Operation.UPDATE, List.of(), nine),
                changed(Operation.DELETE, row("12", "t", "{}", "f"), List.of()));

        Difference touched = archive.between(1, 11);
        Difference net =
                archive.differences()
                        .between(
                                target(1),
                                target(11),
                                new DifferenceRequest(List.of(), Scope.NET, 100));

        assertThat(told(touched))
                .containsExactly(
                        "public.contact [9] AS_BEFORE []", "public.contact [12] AS_BEFORE []");
        assertThat(touched.rows()).allMatch(row -> row.changes().equals(Optional.of(2L)));
        assertThat(touched.tables())
                .containsExactly(
                        new DifferingTable(
                                "public.contact",
                                0,
                                0,
                                0,
                                0,
                                0,
                                Optional.of(2L),
                                Optional.of(4L),
                                Optional.empty()));
        assertThat(touched.isDifferent()).isTrue();
        assertThat(net.tables()).isEmpty();
        assertThat(net.rows()).isEmpty();
        assertThat(net.isDifferent()).isFalse();
        assertThat(archive.between(11, 11).isDifferent()).isFalse();
    }

    @Test
    void rowsComeByKeyWithThePartsOfTheirDocumentsInEitherDirection() throws IOException {
        archive.change(
                10,
                changed(Operation.DELETE, row("10", "ten@x", "{}", "f"), List.of()),
                changed(Operation.UPDATE, List.of(), row("9", "nine@x", "{\"a\": 2}", "f")));

        assertThat(told(archive.between(1, 10)))
                .containsExactly(
                        "public.contact [9] UPDATE [settings.a 1→2]",
                        "public.contact [10] DELETE [id 10→-, email ten@x→-, settings {}→-, deleted f→-]");
        assertThat(told(archive.between(10, 1)))
                .containsExactly(
                        "public.contact [9] UPDATE [settings.a 2→1]",
                        "public.contact [10] INSERT [id -→10, email -→ten@x, settings -→{}, deleted -→f]");
    }

    @Test
    void aSoftDeletionCountsAsOneAndARowHasItsName() throws IOException {
        Path file = folder.resolve("profile.yaml");
        Files.writeString(
                file,
                "soft-delete: {deleted: true}\nname: [\"{email}\"]\n",
                StandardCharsets.UTF_8);
        archive.change(10, changed(Operation.UPDATE, List.of(), row("10", "ten@x", "{}", "t")));

        Difference difference =
                archive.differences(catalog -> Profile.at(ProfileFile.read(file), catalog))
                        .between(target(1), target(10), all());

        assertThat(difference.rows())
                .singleElement()
                .satisfies(
                        row -> {
                            assertThat(row.operation()).isEqualTo(RowOutcome.SOFT_DELETE);
                            assertThat(row.name()).hasValue("ten@x");
                        });
        assertThat(difference.tables())
                .singleElement()
                .satisfies(
                        table -> {
                            assertThat(table.softDeleted()).isOne();
                            assertThat(table.updated() + table.deleted()).isZero();
                        });
    }

    @Test
    void aDroppedColumnIsADifferenceOfTheSchemaAndAnAddedOneOfRowsThatFillIt() throws IOException {
        Table next =
                table(
                        1,
                        "person",
                        List.of(1),
                        List.of(
                                column(1, "id", "integer", Optional.empty()),
                                column(3, "settings", "jsonb", Optional.empty()),
                                column(4, "deleted", "boolean", Optional.empty()),
                                column(5, "stage", Optional.of("new"))));
        archive.change(
                10,
                new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(next)).json()),
                changed(Operation.UPDATE, List.of(), row("10", "{}", "f", "won")));

        Difference difference = archive.between(1, 10);

        assertThat(told(difference)).containsExactly("public.person [10] UPDATE [stage new→won]");
        assertThat(difference.schema())
                .containsExactly(
                        new SchemaChange("table", "public.person", "was public.contact"),
                        new SchemaChange("column", "public.person.email", "dropped"),
                        new SchemaChange("column", "public.person.stage", "added: text"));
        assertThat(difference.tables().getFirst().whole()).hasValue("its definition changed");
        assertThat(archive.differences().between(target(1), target(10), all("contact")).rows())
                .as("by the name that it had")
                .hasSize(1);
    }

    @Test
    void aTableThatWasMadeAnewIsAnotherOneAndBothHaveTheName() throws IOException {
        Table anew = table(7, "contact", List.of(1), CONTACT.columns());
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
                                .json()),
                new Entry.Row(
                        7,
                        Operation.INSERT,
                        BeforeImage.NONE,
                        List.of(),
                        row("9", "nine@x", "{}", "f")));

        Difference difference =
                archive.differences().between(target(1), target(10), all("public.contact"));

        assertThat(difference.schema())
                .containsExactly(
                        new SchemaChange("table", "public.contact", "dropped"),
                        new SchemaChange("table", "public.contact", "created"));
        assertThat(difference.tables())
                .extracting(DifferingTable::deleted, DifferingTable::inserted)
                .containsExactly(tuple(3L, 0L), tuple(0L, 1L));
        assertThat(archive.differences().between(target(1), target(10), all("contact")).tables())
                .isEqualTo(difference.tables());
    }

    @Test
    void acrossAGapToAnotherClusterTablesAndColumnsAreKnownByTheirNames() throws IOException {
        archive.change(10, changed(Operation.DELETE, row("10", "ten@x", "{}", "f"), List.of()));
        Table moved =
                table(
                        7,
                        "contact",
                        List.of(2),
                        List.of(
                                column(1, "email", Optional.empty()),
                                column(2, "id", "integer", Optional.empty()),
                                column(3, "settings", "jsonb", Optional.empty()),
                                column(5, "deleted", "boolean", Optional.empty())));
        archive.written()
                .baseAfterGap(
                        at(5),
                        NOON.plusSeconds(60),
                        catalog(moved, VISIT),
                        Map.of(
                                7L,
                                List.of(
                                        row("nine@x", "9", "{\"a\": 1}", "f"),
                                        row("eleven", "11", "{}", "f")),
                                2L,
                                List.of(row("1", "Ann"))),
                        "upgraded",
                        "8002");

        Difference difference =
                archive.differences()
                        .between(target(10), new Target(new Moment.Latest(), false), all());

        assertThat(told(difference))
                .containsExactly(
                        "public.contact [11] UPDATE [email it's\\x→eleven]",
                        "public.visit [] DELETE [at 1→-, who Ann→-]");
        assertThat(difference.schema()).isEmpty();
        assertThat(archive.patch(new Target(new Moment.Latest(), false), target(1)))
                .contains(
                        """
                        INSERT INTO "public"."contact" ("id", "email", "settings", "deleted") VALUES
                        ('10', 'ten@x', '{}', 'f');
                        """);
        assertThat(difference.notes())
                .containsExactly(
                        "what was committed between 2026-11-20T12:00:10Z and 2026-11-20T12:01:00Z is lost in a gap (upgraded):"
                                + " rows are compared as they are at the two moments, and what came and went between them is not"
                                + " known");
    }

    /** Their changes take little memory, and what they were does not. */
    @Test
    void aTableWhoseOldRowsAreTooLargeIsComparedWhole() throws IOException {
        String long1 = "a".repeat(2_000);
        List<List<Value>> rows =
                List.of(
                        row("1", long1, "{}", "f"),
                        row("2", long1, "{}", "f"),
                        row("3", long1, "{}", "f"));
        archive = new ComparedArchive(folder, catalog(CONTACT, VISIT), Map.of(1L, rows));
        for (String id : List.of("1", "2", "3")) {
            List<Value> after = new ArrayList<>(row(id, "", "{}", "t"));
            after.set(1, Value.Mark.UNCHANGED);
            archive.change(9 + Long.parseLong(id), changed(Operation.UPDATE, List.of(), after));
        }

        Difference little = archive.differences(9_000).between(target(1), target(12), all());
        Difference enough = archive.between(1, 12);

        assertThat(little.tables().getFirst().whole()).hasValue("very many of its rows changed");
        assertThat(enough.tables().getFirst().whole()).isEmpty();
        assertThat(told(little))
                .isEqualTo(told(enough))
                .containsExactly(
                        "public.contact [1] UPDATE [deleted f→t]",
                        "public.contact [2] UPDATE [deleted f→t]",
                        "public.contact [3] UPDATE [deleted f→t]");
    }

    @Test
    void rowsWithoutAKeyComeInOneOrderHoweverTheyAreCompared() throws IOException {
        for (int n = 10; n < 30; n++) {
            archive.change(
                    n,
                    new Entry.Row(
                            2,
                            Operation.INSERT,
                            BeforeImage.NONE,
                            List.of(),
                            row(Integer.toString(n), n % 2 == 0 ? "null" : "Ann")));
        }

        Difference little = archive.differences(300).between(target(1), target(29), all());
        Difference enough = archive.between(1, 29);

        assertThat(little.tables().getFirst().whole()).hasValue("very many of its rows changed");
        assertThat(enough.tables().getFirst().whole()).isEmpty();
        assertThat(told(little)).hasSize(20).isEqualTo(told(enough));
    }

    @Test
    void whatIsNotThereIsRefusedWithWhatIs() throws IOException {
        archive.change(10, changed(Operation.DELETE, row("10", "ten@x", "{}", "f"), List.of()));

        TidemarkException unknown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                archive.differences()
                                        .between(target(1), target(10), all("public.contcat")));
        TidemarkException outside =
                catchThrowableOfType(TidemarkException.class, () -> archive.between(1, 99));

        assertThat(unknown)
                .hasMessage("the archive knows no table 'public.contcat', and never did");
        assertThat(unknown.hint()).isEqualTo("The nearest names are public.contact, public.visit.");
        assertThat(outside).hasMessage("0/63 is not archived yet");
    }
}
