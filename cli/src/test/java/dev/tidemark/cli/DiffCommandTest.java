package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.cli.command.Surroundings;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code diff} prints of an archive that needs no server. */
final class DiffCommandTest {
    private static final Instant START = Instant.parse("2026-11-20T13:58:40.120881Z");

    private static final Instant NOW = Instant.parse("2026-11-20T14:00:00Z");

    @TempDir private Path directory;

    @BeforeEach
    void anArchive() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("archive"));
        Files.writeString(
                directory.resolve("tidemark.yaml"),
                "archive: {url: \"file://%s\"}\nprofile: crm.yaml\n".formatted(folder));
        Files.writeString(
                directory.resolve("crm.yaml"),
                "name: [\"{email}\"]\nsoft-delete: {deleted: true}\n");
        try (Archive archive =
                Archive.create(new LocalObjectStore(folder), Samples.IDENTITY, Samples.keys(0))) {
            write(new WrittenArchive(archive, directory));
        }
    }

    private static void write(WrittenArchive written) throws IOException {
        Table contact =
                table(
                        1,
                        "contact",
                        List.of(1),
                        "id integer",
                        "email text",
                        "settings jsonb",
                        "deleted boolean");
        Table tag = table(2, "visit", List.of(), "day date", "page text");
        written.base(
                new Position(0x1900000),
                START,
                Samples.catalog(contact, tag),
                Map.of(
                        1L,
                        List.of(
                                Samples.row("17", "e17@x", "{\"theme\": \"a\"}", "f"),
                                Samples.row("18", "e18@x", "{}", "f"),
                                Samples.row("19", "e19@x", "{}", "f"),
                                Samples.row("20", "e20@x", "{}", "f")),
                        2L,
                        List.of(Samples.row("2026-11-20", "/"))));
        written.segment(
                List.of(
                        new Transaction(
                                new Position(0x19AEA98),
                                745,
                                START.plusSeconds(23),
                                List.of(
                                        updated("17", "new@x", "{\"theme\": \"b\"}", "f"),
                                        updated("18", "e18@x", "{}", "t"),
                                        updated("19", "other@x", "{}", "f"))),
                        new Transaction(
                                new Position(0x19C0148),
                                746,
                                START.plusSeconds(33),
                                List.of(
                                        updated("19", "e19@x", "{}", "f"),
                                        deleted("20", "e20@x", "{}", "f"),
                                        inserted(1, "21", "e\t21@x", "null", "f"),
                                        inserted(2, "2026-11-20", "/"),
                                        inserted(2, "2026-11-20", "/")))));
    }

    private static Table table(long id, String name, List<Integer> key, String... columns) {
        List<Column> all = new ArrayList<>();
        for (String column : columns) {
            String[] words = column.split(" ", -1);
            all.add(Samples.column(all.size() + 1, words[0], words[1], Optional.empty()));
        }
        Table table = Samples.table(id, name, key, all);
        return table.renamed("crm", name, all);
    }

    private static Entry updated(String... row) {
        return change(1, Operation.UPDATE, List.of(), Samples.row(row));
    }

    private static Entry deleted(String... row) {
        return change(1, Operation.DELETE, Samples.row(row), List.of());
    }

    private static Entry inserted(long table, String... row) {
        return change(table, Operation.INSERT, List.of(), Samples.row(row));
    }

    private static Entry change(
            long table, Operation operation, List<Value> before, List<Value> after) {
        BeforeImage image = before.isEmpty() ? BeforeImage.NONE : BeforeImage.FULL;
        return new Entry.Row(table, operation, image, before, after);
    }

    private Outcome diff(String... options) {
        return Outcome.of(directory, NOW, arguments(options));
    }

    private static String[] arguments(String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "diff";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return arguments;
    }

    /**
     * The same.
     *
     * @param out where standard output goes
     * @param kept what came of it
     */
    private Outcome diff(OutputStream out, ByteArrayOutputStream kept, String... options) {
        var err = new ByteArrayOutputStream();
        var surroundings =
                new Surroundings(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of(),
                        directory,
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        false);
        int code = new Main(surroundings).run(arguments(options));
        return new Outcome(code, text(kept), text(err));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void countsComeFirstThenRowsThenWhatOfEachDiffers() {
        assertThat(diff("0/1900000", "latest"))
                .isEqualTo(
                        new Outcome(
                                1,
                                """
                                table        inserted  updated  deleted  soft deleted  undeleted  as before  changes
                                crm.contact         1        1        1             1          0          1        6
                                crm.visit           2        0        0             0          0    unknown        2

                                table        key  name    operation      changed
                                crm.contact  17   new@x   UPDATE         email: e17@x → new@x, settings.theme: "a" → "b"
                                crm.contact  18   e18@x   DELETE (soft)  deleted: f → t
                                crm.contact  19   e19@x   as before      2 changes
                                crm.contact  20   e20@x   DELETE         id = 20, email = e20@x, settings = {}, deleted = f
                                crm.contact  21   e 21@x  INSERT         id = 21, email = e\\t21@x, deleted = f
                                crm.visit                 INSERT × 2     day = 2026-11-20, page = /

                                6 rows differ in the end, from 2026-11-20T13:58:40.120881Z (0/1900000) to 2026-11-20T13:59:13.120881Z (0/19C0148)
                                """,
                                ""));
    }

    @Test
    void netAndSummaryLeaveOut() {
        assertThat(diff("0/1900000", "latest", "--net", "--summary", "--table", "contact"))
                .isEqualTo(
                        new Outcome(
                                1,
                                """
                                table        inserted  updated  deleted  soft deleted  undeleted
                                crm.contact         1        1        1             1          0

                                4 rows differ in the end, from 2026-11-20T13:58:40.120881Z (0/1900000) to 2026-11-20T13:59:13.120881Z (0/19C0148)
                                """,
                                ""));
    }

    @Test
    void jsonHasItAll() {
        assertThat(diff("xid:746", "xid:746", "--before-first", "--json", "--limit", "1"))
                .isEqualTo(
                        new Outcome(
                                1,
                                """
                                {
                                  "from" : {
                                    "moment" : "before xid:746",
                                    "position" : "0/19AEA98",
                                    "time" : "2026-11-20T13:59:03.120881Z"
                                  },
                                  "to" : {
                                    "moment" : "xid:746",
                                    "position" : "0/19C0148",
                                    "time" : "2026-11-20T13:59:13.120881Z"
                                  },
                                  "schema" : [ ],
                                  "tables" : [ {
                                    "table" : "crm.contact",
                                    "inserted" : 1,
                                    "updated" : 1,
                                    "deleted" : 1,
                                    "softDeleted" : 0,
                                    "undeleted" : 0,
                                    "asBefore" : 0,
                                    "changes" : 3,
                                    "whole" : null
                                  }, {
                                    "table" : "crm.visit",
                                    "inserted" : 2,
                                    "updated" : 0,
                                    "deleted" : 0,
                                    "softDeleted" : 0,
                                    "undeleted" : 0,
                                    "asBefore" : null,
                                    "changes" : 2,
                                    "whole" : null
                                  } ],
                                  "rows" : [ {
                                    "table" : "crm.contact",
                                    "key" : [ "19" ],
                                    "name" : "e19@x",
                                    "operation" : "UPDATE",
                                    "fields" : [ {
                                      "column" : "email",
                                      "path" : "",
                                      "before" : "other@x",
                                      "after" : "e19@x",
                                      "beforeKnown" : true
                                    } ],
                                    "times" : 1,
                                    "changes" : 1
                                  } ],
                                  "isMore" : true,
                                  "isDifferent" : true,
                                  "notes" : [ ]
                                }
                                """,
                                ""));
    }

    @Test
    void aPatchTakesBackWhatWasDone() {
        Outcome patch = diff("latest", "0/1900000", "--sql");

        assertThat(patch.code()).isEqualTo(1);
        assertThat(patch.err()).isEmpty();
        assertThat(patch.out())
                .startsWith(
                        """
                        -- What makes of the database as of 2026-11-20T13:59:13.120881Z (0/19C0148) what it is as of 2026-11-20T13:58:40.120881Z (0/1900000).
                        --   crm.contact: 1 inserted, 2 updated, 1 deleted
                        --   crm.visit: 0 inserted, 0 updated, 2 deleted
                        --
                        -- Run it with: psql -v ON_ERROR_STOP=1 -f FILE DATABASE
                        """)
                .contains(
                        "\nBEGIN;\nSET LOCAL client_encoding = 'UTF8';\n",
                        """
                            UPDATE ONLY "crm"."contact" AS t SET "deleted" = 'f' WHERE t."id" = '18' AND t."deleted" = 't';
                            GET DIAGNOSTICS touched = ROW_COUNT;
                        """
                                .replace("    ", "  "))
                .contains(
                        """

                        INSERT INTO "crm"."contact" ("id", "email", "settings", "deleted") VALUES
                        ('20', 'e20@x', '{}', 'f');

                        SET CONSTRAINTS ALL IMMEDIATE;
                        """)
                .endsWith("END $tidemark$;\n\nCOMMIT;\n");
    }

    /** As where the disk is full, or whoever read it has gone. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 200, 1_000})
    void aPatchThatCannotBeWrittenToItsEndIsNone(int room) {
        var kept = new ByteArrayOutputStream();
        OutputStream out =
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        if (kept.size() == room) {
                            throw new IOException("no space left on device");
                        }
                        kept.write(one);
                    }
                };

        Outcome outcome = diff(out, kept, "latest", "0/1900000", "--sql");

        assertThat(outcome.code()).isEqualTo(4);
        assertThat(outcome.out()).hasSize(room).doesNotContain("COMMIT;");
        assertThat(outcome.err())
                .isEqualTo(
                        """
                        error: the patch could not be written to its end
                        HINT: What is there of it must not be run. See whether its disk is full, and run the command again.
                        """);
    }

    @Test
    void nothingDiffersBetweenAMomentAndItself() {
        String there = "2026-11-20T13:59:13.120881Z (0/19C0148)";

        assertThat(diff("latest", "xid:746"))
                .isEqualTo(
                        new Outcome(
                                0, "nothing differs from " + there + " to " + there + "\n", ""));
        assertThat(diff("latest", "xid:746", "--sql"))
                .isEqualTo(
                        new Outcome(
                                0,
                                """
                                -- What makes of the database as of 2026-11-20T13:59:13.120881Z (0/19C0148) what it is as of 2026-11-20T13:59:13.120881Z (0/19C0148).
                                -- No row differs.
                                """,
                                ""));
    }

    @Test
    void whatIsNotThereIsRefusedWithWhatIs() {
        assertThat(diff("latest", "latest", "--table", "crm.contacts"))
                .isEqualTo(
                        new Outcome(
                                3,
                                "",
                                """
                                error: the archive knows no table 'crm.contacts', and never did
                                HINT: The nearest names are crm.contact, crm.visit.
                                """));
        assertThat(diff("0/1900000", "0/2000000").err())
                .startsWith("error: 0/2000000 is not archived yet\n");
        assertThat(diff("yesterday", "latest").err())
                .startsWith("error: not a moment: 'yesterday'");
        assertThat(diff("yesterday", "latest").code()).isEqualTo(2);
    }
}
