package dev.tidemark.replay.difference;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.difference.DifferenceRequest.Scope;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MomentDifferenceTest {
    private static final Table CONTACT =
            table(
                    1,
                    "contact",
                    List.of(1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "email", Optional.empty()),
                            column(3, "settings", "jsonb", Optional.empty()),
                            column(4, "deleted", "boolean", Optional.empty())));
    private static final Table VISIT =
            table(2, "visit", List.of(), List.of(column(1, "at"), column(2, "who")));

    @TempDir Path folder;

    private WrittenArchive written;

    @BeforeEach
    void aBaseWithThreeContacts() throws IOException {
        written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY, Samples.keys(0)),
                        folder);
        written.base(
                at(1),
                NOON,
                catalog(CONTACT, VISIT),
                Map.of(
                        1L,
                        List.of(
                                row("9", "nine@x", "{\"a\": 1}", "f"),
                                row("10", "ten@x", "{}", "f"),
                                row("11", "it's\\x", "{}", "f")),
                        2L,
                        List.of(row("1", "Ann"), row("1", "Ann"))));
    }

    private void change(long position, Entry... entries) throws IOException {
        written.segment(
                List.of(
                        new Transaction(
                                at(position),
                                position,
                                NOON.plusSeconds(position),
                                List.of(entries))));
    }

    private static Entry.Row changed(Operation operation, List<Value> before, List<Value> after) {
        return new Entry.Row(
                1,
                operation,
                before.isEmpty() ? BeforeImage.NONE : BeforeImage.FULL,
                before,
                after);
    }

    private static Target target(long position) {
        return new Target(new Moment.AtPosition(at(position)), false);
    }

    private MomentDifference differences() throws IOException {
        return differences(catalog -> Profile.none(catalog));
    }

    private MomentDifference differences(Function<Catalog, Profile> profile) throws IOException {
        Archive archive = written.archive();
        return new MomentDifference(
                archive,
                folder,
                profile.apply(archive.catalog(archive.state().catalog().orElseThrow())),
                read -> {});
    }

    private static DifferenceRequest all(String... tables) {
        return new DifferenceRequest(List.of(tables), Scope.TOUCHED, 100);
    }

    private Difference between(long from, long to) throws IOException {
        return differences().between(target(from), target(to), all());
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
        change(
                10,
                changed(Operation.UPDATE, List.of(), row("9", "other", "{\"a\": 1}", "f")),
                changed(Operation.INSERT, List.of(), row("12", "t", "{}", "f")));
        change(
                11,
                changed(Operation.UPDATE, List.of(), nine),
                changed(Operation.DELETE, row("12", "t", "{}", "f"), List.of()));

        Difference touched = between(1, 11);
        Difference net =
                differences()
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
        assertThat(between(11, 11).isDifferent()).isFalse();
    }

    @Test
    void rowsComeByKeyWithThePartsOfTheirDocumentsInEitherDirection() throws IOException {
        change(
                10,
                changed(Operation.DELETE, row("10", "ten@x", "{}", "f"), List.of()),
                changed(Operation.UPDATE, List.of(), row("9", "nine@x", "{\"a\": 2}", "f")));

        assertThat(told(between(1, 10)))
                .containsExactly(
                        "public.contact [9] UPDATE [settings.a 1→2]",
                        "public.contact [10] DELETE [id 10→-, email ten@x→-, settings {}→-, deleted f→-]");
        assertThat(told(between(10, 1)))
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
        change(10, changed(Operation.UPDATE, List.of(), row("10", "ten@x", "{}", "t")));

        Difference difference =
                differences(catalog -> Profile.at(ProfileFile.read(file), catalog))
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
        change(
                10,
                new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(next)).json()),
                changed(Operation.UPDATE, List.of(), row("10", "{}", "f", "won")));

        Difference difference = between(1, 10);

        assertThat(told(difference)).containsExactly("public.person [10] UPDATE [stage new→won]");
        assertThat(difference.schema())
                .containsExactly(
                        new SchemaChange("table", "public.person", "was public.contact"),
                        new SchemaChange("column", "public.person.email", "dropped"),
                        new SchemaChange("column", "public.person.stage", "added: text"));
        assertThat(difference.tables().getFirst().whole()).hasValue("its definition changed");
        assertThat(differences().between(target(1), target(10), all("contact")).rows())
                .as("by the name that it had")
                .hasSize(1);
    }

    @Test
    void acrossAGapToAnotherClusterTablesAndColumnsAreKnownByTheirNames() throws IOException {
        change(10, changed(Operation.DELETE, row("10", "ten@x", "{}", "f"), List.of()));
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
        written.baseAfterGap(
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
                differences().between(target(10), new Target(new Moment.Latest(), false), all());

        assertThat(told(difference))
                .containsExactly(
                        "public.contact [11] UPDATE [email it's\\x→eleven]",
                        "public.visit [] DELETE [at 1→-, who Ann→-]");
        assertThat(difference.schema()).isEmpty();
        try (Patch patch = new Patch(Files.createDirectory(folder.resolve("apart")))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            patch.write(
                    out,
                    differences()
                            .into(patch)
                            .between(new Target(new Moment.Latest(), false), target(1), all()));
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains(
                            """
                            INSERT INTO "public"."contact" ("id", "email", "settings", "deleted") VALUES
                            ('10', 'ten@x', '{}', 'f');
                            """);
        }
        assertThat(difference.notes())
                .containsExactly(
                        "what was committed between 2026-11-20T12:00:10Z and 2026-11-20T12:01:00Z is lost in a gap (upgraded):"
                                + " rows are compared as they are at the two moments, and what came and went between them is not"
                                + " known");
    }

    @Test
    void aPatchIsOneTransactionOfGuardedStatements() throws IOException {
        change(
                10,
                changed(Operation.DELETE, row("10", "ten@x", "{}", "f"), List.of()),
                changed(Operation.UPDATE, List.of(), row("11", "null", "{\"b\": \"'\"}", "f")),
                changed(Operation.INSERT, List.of(), row("12", "t$tidemark$", "{}", "f")),
                new Entry.Row(2, Operation.DELETE, BeforeImage.FULL, row("1", "Ann"), List.of()));

        assertThat(patch(1, 10))
                .contains(
                        """
                        DO $tidemark$
                        #variable_conflict use_column
                        DECLARE
                          touched bigint;
                        BEGIN
                          DELETE FROM ONLY "public"."contact" AS t WHERE t."id" = '10' AND t."email" COLLATE "C" = 'ten@x' AND pg_catalog.format('%s', t."settings") COLLATE "C" = '{}' AND t."deleted" = 'f';
                          GET DIAGNOSTICS touched = ROW_COUNT;
                          IF touched <> 1 THEN RAISE EXCEPTION USING MESSAGE = 'public.contact 10 is not as the patch expects it'; END IF;
                        END $tidemark$;
                        """)
                .contains(
                        """
                          UPDATE ONLY "public"."contact" AS t SET "email" = NULL, "settings" = '{"b": "''"}' WHERE t."id" = '11' AND t."email" COLLATE "C" = E'it''s\\\\x' AND pg_catalog.format('%s', t."settings") COLLATE "C" = '{}';
                        """)
                .contains(
                        """
                        INSERT INTO "public"."contact" ("id", "email", "settings", "deleted") VALUES
                        ('12', 't$tidemark$', '{}', 'f');
                        """)
                .contains(
                        """
                          DELETE FROM ONLY "public"."visit" AS t WHERE t.ctid = ANY (ARRAY(SELECT o.ctid FROM ONLY "public"."visit" AS o WHERE o."at" COLLATE "C" = '1' AND o."who" COLLATE "C" = 'Ann' LIMIT 1));
                        """)
                .endsWith("\nCOMMIT;\n");
        assertThat(patch(10, 1))
                .contains("DO $tidemark1$")
                .contains("-- What makes of the database as of 2026-11-20T12:00:10Z (0/A)");
    }

    private String patch(long from, long to) throws IOException {
        Path files = Files.createDirectory(folder.resolve("patch" + from));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Patch patch = new Patch(files)) {
            patch.write(out, differences().into(patch).between(target(from), target(to), all()));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPatchOfTablesThatDifferIsRefused() throws IOException {
        Table next = table(1, "contact", List.of(1), CONTACT.columns().subList(0, 3));
        change(10, new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(next)).json()));

        TidemarkException refusal =
                catchThrowableOfType(TidemarkException.class, () -> patch(1, 10));

        assertThat(refusal)
                .hasMessage(
                        "tables differ between the two moments, and a patch changes rows alone: column public.contact.deleted:"
                                + " dropped");
        assertThat(refusal.hint())
                .isEqualTo(
                        "Choose two moments with the same tables, or name those that are the same by --table.");
    }

    @Test
    void whatIsNotThereIsRefusedWithWhatIs() throws IOException {
        change(10, changed(Operation.DELETE, row("10", "ten@x", "{}", "f"), List.of()));

        TidemarkException unknown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> differences().between(target(1), target(10), all("public.contcat")));
        TidemarkException outside =
                catchThrowableOfType(TidemarkException.class, () -> between(1, 99));

        assertThat(unknown)
                .hasMessage("the archive knows no table 'public.contcat', and never did");
        assertThat(unknown.hint()).isEqualTo("The nearest names are public.contact, public.visit.");
        assertThat(outside).hasMessage("0/63 is not archived yet");
    }
}
