package dev.tidemark.replay.difference;

import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static dev.tidemark.replay.difference.ComparedArchive.CONTACT;
import static dev.tidemark.replay.difference.ComparedArchive.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.Samples;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a patch says, and what it refuses. */
class PatchTest {
    private static final Table ANSWER =
            table(
                    3,
                    "answer",
                    List.of(1),
                    List.of(column(1, "id", "integer", Optional.empty()), column(2, "email")));

    @TempDir Path folder;

    private ComparedArchive archive;

    @BeforeEach
    void aBaseWithThreeContacts() throws IOException {
        archive = ComparedArchive.ofContacts(folder);
    }

    @Test
    void aPatchIsOneTransactionOfGuardedStatements() throws IOException {
        archive.change(
                10,
                changed(Operation.DELETE, row("10", "ten@x", "{}", "f"), List.of()),
                changed(Operation.UPDATE, List.of(), row("11", "null", "{\"b\": \"'\"}", "f")),
                changed(Operation.INSERT, List.of(), row("12", "t$tidemark$", "{}", "f")),
                new Entry.Row(2, Operation.DELETE, BeforeImage.FULL, row("1", "Ann"), List.of()));

        assertThat(archive.patch(1, 10))
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
                          DELETE FROM ONLY "public"."visit" AS t WHERE t.ctid = ANY (ARRAY(SELECT o.ctid FROM ONLY "public"."visit" AS o WHERE o."at" COLLATE "C" = '1' AND o."who" COLLATE "C" = 'Ann' LIMIT 1)) AND t."at" COLLATE "C" = '1' AND t."who" COLLATE "C" = 'Ann';
                        """)
                .endsWith("\nCOMMIT;\n");
        assertThat(archive.patch(10, 1))
                .contains("DO $tidemark1$")
                .contains("-- What makes of the database as of 2026-11-20T12:00:10Z (0/A)");
    }

    @Test
    void aPatchOfTablesThatDifferIsRefused() throws IOException {
        Table next = table(1, "contact", List.of(1), CONTACT.columns().subList(0, 3));
        archive.change(
                10, new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(next)).json()));

        TidemarkException refusal =
                catchThrowableOfType(TidemarkException.class, () -> archive.patch(1, 10));

        assertThat(refusal)
                .hasMessage(
                        "tables differ between the two moments, and a patch changes rows alone: column public.contact.deleted:"
                                + " dropped");
        assertThat(refusal.hint())
                .isEqualTo(
                        "Choose two moments with the same tables, or name those that are the same by --table.");
    }

    /**
     * A contact goes, and another one gets its address: the key changes, and what names it stays.
     */
    private void replaceAContact(String onDelete) throws IOException {
        Table mail =
                table(
                        3,
                        "mail",
                        List.of(1),
                        List.of(column(1, "id", "integer", Optional.empty()), column(2, "email")));
        archive =
                new ComparedArchive(
                        folder,
                        new Catalog(
                                Samples.catalog().server(),
                                List.of(CONTACT, mail),
                                List.of(
                                        key(
                                                mail,
                                                "FOREIGN KEY (email) REFERENCES public.contact(email)"
                                                        + onDelete))),
                        Map.of(
                                1L, List.of(row("9", "nine@x", "{}", "f")),
                                3L, List.of(row("1", "nine@x"))));
        archive.change(
                10,
                changed(
                        Operation.UPDATE,
                        row("9", "nine@x", "{}", "f"),
                        row("99", "nine@x", "{}", "f")));
    }

    private static CatalogObject key(Table table, String definition) {
        return new CatalogObject(
                "foreign key",
                51,
                "",
                "fk",
                List.of(
                        "ALTER TABLE ONLY public.%s ADD CONSTRAINT fk %s"
                                .formatted(table.name(), definition)),
                CatalogObject.Stage.AFTER_ROWS,
                List.of("table:1"),
                "",
                List.of(),
                Optional.empty(),
                "",
                Optional.of(table.reference()),
                Optional.empty());
    }

    @Test
    void whetherOthersGoWithARowIsForTheDatabaseToTell() throws IOException {
        replaceAContact(" ON DELETE CASCADE");

        String patch = archive.patch(1, 10);

        assertThat(patch)
                .contains("DELETE FROM ONLY \"public\".\"contact\"", "('99', 'nine@x', '{}', 'f')")
                .containsOnlyOnce("'tidemark.counted', (")
                .contains(
                        """

                        SET CONSTRAINTS ALL IMMEDIATE;
                        DO $tidemark$ -- no other rows were deleted or changed with those of the patch
                        """)
                .contains(
                        """
                          WITH own (relation, updated, deleted) AS (VALUES
                            ('"public"."contact"'::pg_catalog.regclass::pg_catalog.oid, 0, 1)
                          ), counted AS (
                        """);
        assertThat(patch.indexOf("'tidemark.counted', (")).isLessThan(patch.indexOf("DELETE FROM"));
        assertThat(patch.indexOf("SET CONSTRAINTS")).isGreaterThan(patch.indexOf("INSERT INTO"));
    }

    @Test
    void whatIsOnlyInsertedTakesNothingWithIt() throws IOException {
        archive.change(10, changed(Operation.INSERT, List.of(), row("12", "twelve@x", "{}", "f")));

        assertThat(archive.patch(1, 10)).doesNotContain("tidemark.counted", "SET CONSTRAINTS");
    }

    /** Without the key the tables would go by their names. */
    @Test
    void theOrderIsThatOfTheKeysOfTheFirstMoment() throws IOException {
        withAnAnswer();
        archive.change(
                10,
                new Entry.Row(3, Operation.DELETE, BeforeImage.FULL, row("1", "nine@x"), List.of()),
                changed(Operation.DELETE, row("9", "nine@x", "{}", "f"), List.of()),
                new Entry.Schema(CatalogChange.ofTables("ALTER TABLE", List.of(ANSWER)).json()));

        assertThat(archive.patch(1, 10))
                .containsSubsequence(
                        "DELETE FROM ONLY \"public\".\"answer\"",
                        "DELETE FROM ONLY \"public\".\"contact\"");
        assertThat(archive.patch(10, 1))
                .containsSubsequence(
                        "INSERT INTO \"public\".\"answer\"", "INSERT INTO \"public\".\"contact\"");
    }

    @Test
    void keysOfAnotherClusterAreKnownByTheNamesOfTheirTables() throws IOException {
        withAnAnswer();
        List<Column> columns = CONTACT.columns();
        Table contact =
                table(
                        3,
                        "contact",
                        List.of(4),
                        List.of(
                                column(1, "settings", "jsonb", Optional.empty()),
                                columns.get(1),
                                column(3, "deleted", "boolean", Optional.empty()),
                                column(4, "id", "integer", Optional.empty())));
        archive.written()
                .baseAfterGap(
                        Samples.at(64),
                        Samples.NOON.plusSeconds(64),
                        Samples.catalog(table(1, "answer", List.of(1), ANSWER.columns()), contact),
                        Map.of(3L, List.of(row("{}", "other@x", "t", "12"))),
                        "an upgrade",
                        "7002");

        assertThat(archive.patch(1, 64))
                .containsSubsequence(
                        "DELETE FROM ONLY \"public\".\"answer\"",
                        "DELETE FROM ONLY \"public\".\"contact\"",
                        "INSERT INTO \"public\".\"contact\" (\"settings\", \"email\", \"deleted\", \"id\") VALUES\n('{}', 'other@x', 't', '12');");
    }

    private void withAnAnswer() throws IOException {
        CatalogObject key = key(ANSWER, "FOREIGN KEY (email) REFERENCES public.contact(email)");
        archive =
                new ComparedArchive(
                        folder,
                        new Catalog(
                                Samples.catalog().server(), List.of(CONTACT, ANSWER), List.of(key)),
                        Map.of(
                                1L, List.of(row("9", "nine@x", "{}", "f")),
                                3L, List.of(row("1", "nine@x"))));
    }

    @Test
    void whatIsAlwaysGeneratedNoUpdateCanSet() throws IOException {
        Column number = column(2, "number", "bigint", Optional.empty());
        Table order =
                table(
                        1,
                        "order",
                        List.of(1),
                        List.of(column(1, "id", "integer", Optional.empty()), identity(number)));
        archive =
                new ComparedArchive(
                        folder, Samples.catalog(order), Map.of(1L, List.of(row("9", "1"))));
        archive.change(10, changed(Operation.UPDATE, row("9", "1"), row("9", "2")));
        archive.change(11, changed(Operation.DELETE, row("9", "2"), List.of()));

        TidemarkException refusal =
                catchThrowableOfType(TidemarkException.class, () -> archive.patch(1, 10));

        assertThat(refusal)
                .hasMessage(
                        "rows of public.order differ in number, which is GENERATED ALWAYS AS IDENTITY: no UPDATE can set it");
        assertThat(refusal.hint())
                .isEqualTo(
                        "Leave the table out by naming the others with --table, or move a restored database by 'tidemark rewind'.");
        assertThat(archive.patch(11, 1)).contains(" OVERRIDING SYSTEM VALUE VALUES\n('9', '1');");
    }

    private static Column identity(Column column) {
        return new Column(
                column.id(),
                column.name(),
                column.type(),
                true,
                Optional.empty(),
                "",
                "a",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "integer, =, ''",
                "app.mood, =, ::app.mood",
                "'\"My \"\"types\"\"\".code', =, '::\"My \"\"types\"\"\".code'",
                "extensions.ltree, OPERATOR(extensions.=), ''",
                "'\"My extensions\".geometry(Point,4326)', 'OPERATOR(\"My extensions\".=)', ''"
            })
    void aKeyIsComparedByTheOperatorOfItsTypeAsOneOfIt(String type, String operator, String cast) {
        KeyOperators operators = new KeyOperators(Set.of("app.mood", "My \"types\".code"));

        assertThat(operators.equality(type)).isEqualTo(operator);
        assertThat(operators.cast(type)).isEqualTo(cast);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "regclass | crm.deal | t.\"c\" = 'crm.deal'::pg_catalog.regclass",
                "regclass[] | {crm.deal} | t.\"c\" = '{crm.deal}'::pg_catalog.regclass[]",
                "character varying(9) | x | t.\"c\"::pg_catalog.text COLLATE \"C\" = 'x'",
                "character varying(9)[] | {x} | t.\"c\" COLLATE \"C\" = '{x}'",
                "regtype | null | pg_catalog.num_nulls(t.\"c\") = 1",
                "crm.address | null | pg_catalog.num_nulls(t.\"c\") = 1",
                "crm.address | (,) | pg_catalog.format('%s', t.\"c\") COLLATE \"C\" = '(,)'",
                "integer | null | t.\"c\" IS NULL",
                "text | null | t.\"c\" IS NULL"
            })
    void aFieldIsHeldAgainstTheTextThatItHad(String type, String value, String condition) {
        assertThat(
                        PatchText.has(
                                "t", column(1, "c", type, Optional.empty()), row(value).getFirst()))
                .isEqualTo(condition);
    }

    @Test
    void anEmptyTextIsNotNull() {
        Column column = column(1, "c", "crm.label", Optional.empty());

        assertThat(PatchText.has("t", column, Value.text("")))
                .isEqualTo(
                        "pg_catalog.format('%s', t.\"c\") COLLATE \"C\" = '' AND pg_catalog.num_nulls(t.\"c\") = 0");
    }
}
