package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.duckdb.DuckDbFile;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.export.PublishedFile;
import dev.tidemark.replay.load.Restore;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.replay.rows.Chosen;
import dev.tidemark.replay.rows.RowChoice;
import dev.tidemark.replay.rows.RowRequest;
import dev.tidemark.replay.rows.RowScript;
import dev.tidemark.replay.rows.RowWalk;
import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One customer with all that belongs to it, as queries of the source itself find it. */
@ExtendWith(RestoreServer.Shared.class)
final class RelatedRowsIT {
    private static final List<String> SCHEMA =
            List.of(
                    "CREATE SCHEMA crm",
                    "CREATE TABLE crm.staff (id int PRIMARY KEY, name text, boss int REFERENCES crm.staff)",
                    "CREATE TABLE crm.account (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,"
                            + " owner int REFERENCES crm.staff, main_contact bigint, balance numeric(12,2), raw bytea)",
                    "COMMENT ON TABLE crm.account IS 'who buys'",
                    "CREATE TABLE crm.contact (id bigint PRIMARY KEY, account int NOT NULL REFERENCES crm.account, email text, at timestamptz)",
                    "ALTER TABLE crm.account ADD FOREIGN KEY (main_contact) REFERENCES crm.contact",
                    "CREATE TABLE crm.deal (account int REFERENCES crm.account, n int, PRIMARY KEY (account, n)) PARTITION BY RANGE (account)",
                    "CREATE TABLE crm.deal_low PARTITION OF crm.deal FOR VALUES FROM (0) TO (6)",
                    "CREATE TABLE crm.deal_high PARTITION OF crm.deal FOR VALUES FROM (6) TO (1000)",
                    "CREATE TABLE crm.item (id int PRIMARY KEY, account int, n int, what text,"
                            + " FOREIGN KEY (account, n) REFERENCES crm.deal (account, n))",
                    "CREATE TABLE crm.activity (id int PRIMARY KEY, parent_type text, parent_id text, note text)",
                    "INSERT INTO crm.staff SELECT n, 'staff ' || n, nullif(n / 2, 0) FROM generate_series(1, 9) n",
                    "INSERT INTO crm.account (name, owner, balance, raw) SELECT E'it''s \\\\ ' || n, 1 + n % 9, n * 1.5, decode(lpad(to_hex(n), 8, '0'), 'hex')"
                            + " FROM generate_series(1, 12) n",
                    "INSERT INTO crm.contact SELECT n, 1 + n % 12, 'c' || n || E'@x\\n\\t', '2026-11-20 12:00+00'::timestamptz + n * interval '1 hour' FROM generate_series(1, 60) n",
                    "UPDATE crm.account a SET main_contact = (SELECT max(id) FROM crm.contact c WHERE c.account = a.id) WHERE id % 2 = 0",
                    "INSERT INTO crm.deal SELECT a, n FROM generate_series(1, 12) a, generate_series(1, 3) n",
                    "INSERT INTO crm.item SELECT a * 100 + n * 10 + i, a, n, 'thing' FROM generate_series(1, 12) a, generate_series(1, 3) n, generate_series(1, 2) i",
                    "INSERT INTO crm.activity SELECT n, (ARRAY['Account', 'Contact', 'Other'])[1 + n % 3], (1 + n % 12)::text, NULL FROM generate_series(1, 90) n",
                    "INSERT INTO crm.activity VALUES (1000, 'Account', 'none', ''), (1001, NULL, '4', ''), (1002, 'Account', NULL, '')");

    private static final List<VirtualReference> TOLD =
            List.of(
                    new VirtualReference(
                            "activity.parent_id",
                            "account.id",
                            Map.of("parent_type", List.of("Account"))),
                    new VirtualReference(
                            "crm.activity.parent_id",
                            "crm.contact.id",
                            Map.of("parent_type", List.of("Contact"))));

    /** What belongs to account 4, told by its name and the query for it. */
    private static final Map<String, String> EXPECTED =
            Map.of(
                    "crm.account", "SELECT id::text FROM crm.account WHERE id = 4",
                    "crm.contact", "SELECT id::text FROM crm.contact WHERE account = 4",
                    "crm.deal_low", "SELECT n::text FROM crm.deal WHERE account = 4",
                    "crm.item", "SELECT id::text FROM crm.item WHERE account = 4",
                    "crm.activity",
                            "SELECT id::text FROM crm.activity WHERE parent_type = 'Account' AND parent_id = '4'"
                                    + " OR parent_type = 'Contact' AND parent_id IN (SELECT id::text FROM crm.contact WHERE account = 4)",
                    "crm.staff",
                            "WITH RECURSIVE s AS (SELECT * FROM crm.staff WHERE id = (SELECT owner FROM crm.account WHERE id = 4)"
                                    + " UNION SELECT b.* FROM crm.staff b JOIN s ON b.id = s.boss) SELECT id::text FROM s");

    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir private Path directory;

    private static RowRequest request(String where, OptionalInt depth, long rowsMax) {
        return new RowRequest(
                "account", where, Optional.of(new RowRequest.Related(TOLD, depth)), rowsMax);
    }

    /** The same references, from a profile. */
    private RowRequest byProfile(String where) throws IOException {
        ProfileFile profile =
                ProfileFile.read(
                        Files.writeString(
                                directory.resolve("profile.yaml"),
                                "references: [{from: activity.parent_id, by: parent_type,"
                                        + " to: {Account: account.id, Contact: crm.contact.id}}]"));
        RowRequest.Related related =
                new RowRequest.Related(
                        List.of(),
                        OptionalInt.empty(),
                        catalog -> Profile.at(profile, catalog).references());
        return new RowRequest("account", where, Optional.of(related), 1000);
    }

    private static Map<String, Long> counts(Chosen chosen) {
        return chosen.tables().stream()
                .collect(
                        Collectors.toMap(
                                one -> one.table().displayName(), Chosen.ChosenTable::rows));
    }

    private static HandmadeArchive archive(RestoreServer server, Database source) throws Exception {
        RestoreServer.run(source, SCHEMA);
        return SampleSource.archive(server, source, "related-" + source.url().database());
    }

    private Chosen choose(HandmadeArchive archive, RowRequest request) throws Exception {
        HandmadeArchive.Folded folded = archive.foldLatest();
        Path own = Files.createTempDirectory(directory, "rows");
        return new RowWalk(RowChoice.of(request, folded.base()), own, rows -> {})
                .run(List.copyOf(folded.database().tables()));
    }

    @Test
    void oneCustomerComesWithAllThatBelongsToItAndGoesBackIntoTheSource(RestoreServer server)
            throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive archive = archive(server, source);
        HandmadeArchive.Folded folded = archive.foldLatest();
        RowRequest request = request("id = 4", OptionalInt.empty(), 1000);

        Chosen chosen = choose(archive, request);
        Chosen byProfile = choose(archive, byProfile("id = 4"));

        assertThat(counts(byProfile)).isEqualTo(counts(chosen));
        try (Connection connection = source.connect()) {
            assertThat(chosen.tables()).hasSize(EXPECTED.size());
            for (Chosen.ChosenTable one : chosen.tables()) {
                String query = EXPECTED.getOrDefault(one.table().displayName(), "none");
                assertThat(one.rows())
                        .as(one.table().displayName())
                        .isEqualTo(RestoreServer.rows(connection, query).size())
                        .isPositive();
            }
        }
        restoresAsASmallDatabase(server, source, folded, chosen);
        bringsTheCustomerBack(source, folded, request, chosen);
        isADuckDbFile(folded, chosen);
    }

    private static void restoresAsASmallDatabase(
            RestoreServer server, Database source, HandmadeArchive.Folded folded, Chosen chosen)
            throws Exception {
        Database target = server.newDatabase();
        RestoreReport report =
                new Restore(target, RestoreOptions.of(2), RestoreServer.SILENT, CLOCK)
                        .run(folded.plan(), chosen.wholeOf(folded.base()));
        assertThat(report.leftOut()).isEmpty();
        assertThat(report.rows()).isEqualTo(chosen.rows());
        try (Connection there = target.connect();
                Connection origin = source.connect()) {
            for (String query : EXPECTED.values()) {
                assertThat(RestoreServer.rows(there, query))
                        .containsExactlyInAnyOrderElementsOf(RestoreServer.rows(origin, query));
            }
            assertThat(
                            RestoreServer.rows(
                                    there, "SELECT count(*) FROM crm.contact WHERE account <> 4"))
                    .containsExactly("[0]");
        }
    }

    private void bringsTheCustomerBack(
            Database source, HandmadeArchive.Folded folded, RowRequest request, Chosen chosen)
            throws Exception {
        Path file = directory.resolve("customer.sql");
        ArchiveIdentity identity =
                new ArchiveIdentity(
                        ArchiveIdentity.FORMAT,
                        "crm",
                        "4711",
                        "crm",
                        Instant.parse("2026-11-20T10:00:00Z"),
                        "parquet");
        FileReport report;
        try (PublishedFile published = PublishedFile.of(file, PublishedFile.Existing.KEPT)) {
            report =
                    new RowScript(identity, folded.plan(), folded.base(), request, rows -> {})
                            .write(published, chosen);
        }
        assertThat(report.rows()).isEqualTo(chosen.rows());
        assertThat(report.warnings()).isEmpty();
        String script = Files.readString(file);
        assertThat(script)
                .startsWith(
                        "-- Rows of the database crm (crm) as of 2026-11-20T10:00:00Z, position 0/3E8, ")
                .contains("-- Asked for: account WHERE id = 4")
                .contains(", E'it''s \\\\ 4', ");
        String all =
                "SELECT (SELECT string_agg(t::text, '|' ORDER BY t.id) FROM crm.account t),"
                        + " (SELECT string_agg(t::text, '|' ORDER BY t.id) FROM crm.contact t),"
                        + " (SELECT string_agg(t::text, '|' ORDER BY t.account, t.n) FROM crm.deal t),"
                        + " (SELECT string_agg(t::text, '|' ORDER BY t.id) FROM crm.item t),"
                        + " (SELECT string_agg(t::text, '|' ORDER BY t.id) FROM crm.activity t)";
        try (Connection connection = source.connect()) {
            List<String> before = RestoreServer.rows(connection, all);
            RestoreServer.run(
                    source,
                    List.of(
                            "DELETE FROM crm.activity WHERE id IN ("
                                    + EXPECTED.get("crm.activity")
                                            .replace(
                                                    "id::text FROM crm.activity",
                                                    "id FROM crm.activity")
                                    + ")",
                            "DELETE FROM crm.item WHERE account = 4",
                            "DELETE FROM crm.deal WHERE account = 4",
                            "UPDATE crm.account SET main_contact = NULL WHERE id = 4",
                            "DELETE FROM crm.contact WHERE account = 4",
                            "DELETE FROM crm.account WHERE id = 4"));
            assertThat(RestoreServer.rows(connection, all)).isNotEqualTo(before);

            RestoreServer.run(source, List.of(script));
            assertThat(RestoreServer.rows(connection, all)).isEqualTo(before);

            RestoreServer.run(source, List.of(script));
            assertThat(RestoreServer.rows(connection, all)).isEqualTo(before);
        }
    }

    private void isADuckDbFile(HandmadeArchive.Folded folded, Chosen chosen) throws Exception {
        Path file = directory.resolve("crm.duckdb");
        ArchiveIdentity identity =
                new ArchiveIdentity(
                        ArchiveIdentity.FORMAT,
                        "crm",
                        "4711",
                        "crm",
                        Instant.parse("2026-11-20T10:00:00Z"),
                        "parquet");
        FileReport report;
        try (PublishedFile published = PublishedFile.of(file, PublishedFile.Existing.KEPT)) {
            report =
                    new DuckDbFile(identity, folded.plan(), directory, rows -> {})
                            .write(published, chosen.partOf(folded.base()));
        }
        assertThat(report.rows()).isEqualTo(chosen.rows());
        assertThat(report.warnings())
                .containsExactly(
                        "the schema crm has the name of the file: DuckDB wants crm.crm.TABLE then, or another name of the file");
    }

    @Test
    void aConditionOnAParentIsOneOnItsPartitionsAndOnTablesThatInherit(RestoreServer server)
            throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(
                source,
                List.of(
                        "CREATE TABLE public.animal (id int PRIMARY KEY, name text)",
                        "CREATE TABLE public.bird (wings int) INHERITS (public.animal)",
                        "INSERT INTO public.animal VALUES (1, 'dog')",
                        "INSERT INTO public.bird VALUES (1, 'owl', 2), (2, 'auk', 2)"));
        HandmadeArchive inherited = SampleSource.archive(server, source, "inherited");
        Database crm = server.newDatabase();
        HandmadeArchive partitioned = archive(server, crm);

        Chosen animals =
                choose(inherited, new RowRequest("animal", "animal.id = 1", Optional.empty(), 10));
        Chosen deals =
                choose(
                        partitioned,
                        new RowRequest(
                                "crm.deal", "deal.n = 1 AND account > 5", Optional.empty(), 10));

        assertThat(animals.tables())
                .extracting(one -> one.table().name())
                .containsExactly("animal", "bird");
        assertThat(deals.tables())
                .extracting(one -> one.table().name() + " " + one.rows())
                .containsExactly("deal_high 7");
    }

    @Test
    void rowsThatNoOnConflictIsForComeBackWhereTheyAreMissing(RestoreServer server)
            throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(
                source,
                List.of(
                        "CREATE TABLE public.late (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, note text UNIQUE)",
                        "CREATE TABLE public.ruled (id int PRIMARY KEY, note text)",
                        "CREATE RULE quiet AS ON UPDATE TO public.ruled DO ALSO NOTHING",
                        "CREATE TABLE public.bare ()",
                        "CREATE TABLE public.wide (id int PRIMARY KEY, note text)",
                        "INSERT INTO public.late VALUES (1, 'it''s $row$'), (2, NULL), (3, 'c')",
                        "INSERT INTO public.ruled VALUES (1, 'a'), (2, 'b')",
                        "INSERT INTO public.bare DEFAULT VALUES",
                        "INSERT INTO public.wide SELECT n, repeat('w', 3000000) FROM generate_series(1, 3) n"));
        HandmadeArchive archive = SampleSource.archive(server, source, "odd");
        HandmadeArchive.Folded folded = archive.foldLatest();
        String all =
                "SELECT (SELECT string_agg(t::text, '|' ORDER BY id) FROM public.late t),"
                        + " (SELECT string_agg(t::text, '|' ORDER BY id) FROM public.ruled t),"
                        + " (SELECT count(*) FROM public.bare), (SELECT sum(length(note)) FROM public.wide)";
        try (Connection connection = source.connect()) {
            List<String> before = RestoreServer.rows(connection, all);
            RestoreServer.run(
                    source,
                    List.of(
                            "DELETE FROM public.late WHERE id < 3",
                            "DELETE FROM public.ruled WHERE id = 2",
                            "DELETE FROM public.bare",
                            "DELETE FROM public.wide WHERE id > 1"));

            for (String table : List.of("late", "ruled", "bare", "wide")) {
                RowRequest request = new RowRequest(table, "TRUE", Optional.empty(), 1000);
                String script = script(folded, request, choose(archive, request));
                RestoreServer.run(source, List.of(script));
                assertThat(script.split("INSERT INTO", -1)).as(table).hasSizeGreaterThan(1);
            }

            assertThat(RestoreServer.rows(connection, all)).isEqualTo(before);
        }
    }

    private String script(HandmadeArchive.Folded folded, RowRequest request, Chosen chosen)
            throws Exception {
        Path file = directory.resolve(request.table() + ".sql");
        ArchiveIdentity identity =
                new ArchiveIdentity(
                        ArchiveIdentity.FORMAT,
                        "crm",
                        "4711",
                        "crm",
                        Instant.parse("2026-11-20T10:00:00Z"),
                        "parquet");
        try (PublishedFile published = PublishedFile.of(file, PublishedFile.Existing.KEPT)) {
            new RowScript(identity, folded.plan(), folded.base(), request, rows -> {})
                    .write(published, chosen);
        }
        return Files.readString(file);
    }

    @Test
    void aWholeDatabaseBecomesADuckDbFileWithTypesKeysAndComments(RestoreServer server)
            throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive.Folded folded = archive(server, source).foldLatest();
        Path file = directory.resolve("look.duckdb");
        ArchiveIdentity identity =
                new ArchiveIdentity(
                        ArchiveIdentity.FORMAT,
                        "crm",
                        "4711",
                        "crm",
                        Instant.parse("2026-11-20T10:00:00Z"),
                        "parquet");

        try (PublishedFile published = PublishedFile.of(file, PublishedFile.Existing.KEPT)) {
            new DuckDbFile(identity, folded.plan(), directory, rows -> {})
                    .write(published, Content.of(folded.database()));
        }

        assertThat(file.resolveSibling("look.duckdb.wal")).doesNotExist();
        String same =
                "SELECT count(*), sum(id), sum(balance), min(name), max(owner) FROM crm.account";
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:" + file);
                Connection origin = source.connect()) {
            for (String query :
                    List.of(
                            same,
                            "SELECT count(*), max(email), count(DISTINCT account) FROM crm.contact",
                            "SELECT count(*), sum(account), sum(n) FROM crm.deal",
                            "SELECT count(*), count(note), count(parent_id) FROM crm.activity")) {
                assertThat(RestoreServer.rows(duckDb, query))
                        .isEqualTo(RestoreServer.rows(origin, query));
            }
            assertThat(
                            RestoreServer.rows(
                                    duckDb,
                                    "SELECT data_type FROM duckdb_columns() WHERE table_name = 'account' ORDER BY column_index"))
                    .containsExactly(
                            "[INTEGER]",
                            "[VARCHAR]",
                            "[INTEGER]",
                            "[BIGINT]",
                            "[DECIMAL(12,2)]",
                            "[BLOB]");
            assertThat(
                            RestoreServer.rows(
                                    duckDb,
                                    "SELECT comment FROM duckdb_tables() WHERE comment IS NOT NULL"))
                    .containsExactly("[who buys]");
            assertThat(
                            RestoreServer.rows(
                                    duckDb,
                                    "SELECT constraint_column_names::text FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' AND table_name = 'deal_low'"))
                    .containsExactly("[[account, n]]");
            assertThat(RestoreServer.rows(duckDb, "SELECT source, cut FROM tidemark.restored"))
                    .containsExactly("[crm, 0/3E8]");
        }
        TidemarkException there =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> PublishedFile.of(file, PublishedFile.Existing.KEPT));
        assertThat(there).hasMessage("'%s' is there already".formatted(file));
        try (var left = Files.list(directory)) {
            assertThat(left.filter(one -> one.toString().contains("unfinished"))).isEmpty();
        }
    }

    @Test
    void onlyKeysBetweenTablesThatAreReachedHaveToBeFollowed(RestoreServer server)
            throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(
                source,
                List.of(
                        "CREATE TABLE public.account (id int PRIMARY KEY)",
                        "CREATE TABLE public.contact (id int PRIMARY KEY, account int REFERENCES public.account)",
                        "CREATE TABLE public.far (id int PRIMARY KEY)",
                        "CREATE TABLE public.odd (id int, far int GENERATED ALWAYS AS (id * 2) STORED REFERENCES public.far)",
                        "CREATE TABLE public.room (id int4range, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS))",
                        "CREATE TABLE public.stay (room int4range, during daterange, account int,"
                                + " FOREIGN KEY (room, PERIOD during) REFERENCES public.room (id, PERIOD during))"));
        Catalog catalog = RestoreServer.read(source);

        RowChoice choice = RowChoice.of(related("account", List.of()), catalog);
        TidemarkException generated =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> RowChoice.of(related("far", List.of()), catalog));
        TidemarkException overPeriods =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                RowChoice.of(
                                        related(
                                                "account",
                                                List.of(
                                                        new VirtualReference(
                                                                "stay.account",
                                                                "account.id",
                                                                Map.of()))),
                                        catalog));

        assertThat(choice.needed())
                .containsExactlyInAnyOrder(
                        RestoreServer.table(source, "account").id(),
                        RestoreServer.table(source, "contact").id());
        assertThat(generated)
                .hasMessage(
                        "the foreign key odd_far_fkey of public.odd cannot be followed: the column far is generated, and the"
                                + " archive does not hold it");
        assertThat(overPeriods)
                .hasMessage(
                        "the foreign key stay_room_during_fkey of public.stay cannot be followed: it is one over periods");
        assertThat(overPeriods.hint())
                .isEqualTo(
                        "Choose rows without --related, or go so few steps with --depth that one of its tables is not reached.");
    }

    private static RowRequest related(String table, List<VirtualReference> told) {
        return new RowRequest(
                table,
                "TRUE",
                Optional.of(new RowRequest.Related(told, OptionalInt.empty())),
                1000);
    }

    @Test
    void aCharacterNamesANumberOrAUuid(RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(
                source,
                List.of(
                        "CREATE TABLE public.account (id uuid PRIMARY KEY, nr numeric)",
                        "CREATE TABLE public.contact (id int PRIMARY KEY, account char(36), nr char(20))",
                        "INSERT INTO public.account VALUES ('abcdef00-1111-2222-3333-444444444444', 42), (gen_random_uuid(), 7)",
                        "INSERT INTO public.contact VALUES (1, 'ABCDEF00-1111-2222-3333-444444444444', NULL), (2, NULL, '42.0'),"
                                + " (3, 'none', '1e999999999'), (4, NULL, '43')"));
        HandmadeArchive archive = SampleSource.archive(server, source, "characters");
        RowRequest request =
                new RowRequest(
                        "account",
                        "nr = 42",
                        Optional.of(
                                new RowRequest.Related(
                                        List.of(
                                                new VirtualReference(
                                                        "contact.account", "account.id", Map.of()),
                                                new VirtualReference(
                                                        "contact.nr", "account.nr", Map.of())),
                                        OptionalInt.empty())),
                        1000);

        Chosen chosen = choose(archive, request);

        assertThat(chosen.tables())
                .extracting(one -> one.table().name() + " " + one.rows())
                .containsExactly("account 1", "contact 2");
    }

    @Test
    void depthAndLimitHoldAndReferencesToNowhereAreRefused(RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive archive = archive(server, source);

        Chosen near = choose(archive, request("id = 4", OptionalInt.of(1), 1000));
        TidemarkException tooMany =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> choose(archive, request("id > 0", OptionalInt.empty(), 20)));
        RowRequest nowhere =
                new RowRequest(
                        "account",
                        "id = 4",
                        Optional.of(
                                new RowRequest.Related(
                                        List.of(
                                                new VirtualReference(
                                                        "contact.at", "account.id", Map.of())),
                                        OptionalInt.empty())),
                        1000);
        TidemarkException never =
                catchThrowableOfType(TidemarkException.class, () -> choose(archive, nowhere));

        assertThat(near.tables().stream().map(one -> one.table().name()))
                .containsExactly("account", "activity", "contact", "deal_low", "staff");
        assertThat(tooMany.getMessage())
                .startsWith(
                        "138 rows or more belong to what was asked for: crm.account 12, crm.activity 30, ");
        assertThat(never)
                .hasMessage(
                        "contact.at → account.id cannot be followed: at is timestamp with time zone and id is integer");
    }
}
