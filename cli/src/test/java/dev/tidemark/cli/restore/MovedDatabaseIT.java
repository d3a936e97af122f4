package dev.tidemark.cli.restore;

import static dev.tidemark.cli.restore.SampleSource.delete;
import static dev.tidemark.cli.restore.SampleSource.fields;
import static dev.tidemark.cli.restore.SampleSource.insert;
import static dev.tidemark.cli.restore.SampleSource.none;
import static dev.tidemark.cli.restore.SampleSource.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.load.Restore;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.rewind.Promotion;
import dev.tidemark.replay.rewind.Rewind;
import dev.tidemark.replay.rewind.RewindOptions;
import dev.tidemark.replay.rewind.RewindReport;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way of a restored database that moves, and what does not. */
@ExtendWith(RestoreServer.Shared.class)
final class MovedDatabaseIT {
    private static final Position EARLIER = new Position(1000);
    private static final Position LATER = new Position(2000);

    private static final List<String> SCHEMA =
            List.of(
                    "SET search_path = public",
                    "CREATE TABLE person (id int PRIMARY KEY, age int)",
                    "CREATE TABLE deal (id int PRIMARY KEY, amount int) PARTITION BY RANGE (id)",
                    "CREATE TABLE deal_1 PARTITION OF deal FOR VALUES FROM (0) TO (10)",
                    "CREATE DOMAIN brief AS text",
                    "CREATE TABLE note (id int PRIMARY KEY, line brief)",
                    "CREATE TABLE bag (a text)",
                    "ALTER TABLE bag REPLICA IDENTITY FULL",
                    "INSERT INTO person VALUES (1, -5), (2, 7)",
                    "INSERT INTO deal VALUES (1, -1)",
                    "INSERT INTO note VALUES (1, 'at length')",
                    "INSERT INTO bag VALUES ('x'), ('x'), ('x'), ('x')",
                    "ALTER TABLE person ADD CONSTRAINT born CHECK (age > 0) NOT VALID",
                    "COMMENT ON CONSTRAINT born ON person IS 'nobody''s age is negative'",
                    "ALTER TABLE deal ADD CONSTRAINT worth CHECK (amount > 0) NOT VALID",
                    "ALTER DOMAIN brief ADD CONSTRAINT briefly CHECK (length(value) < 5) NOT VALID",
                    "CREATE MATERIALIZED VIEW ages AS SELECT sum(age) AS years FROM person",
                    "CREATE VIEW between AS SELECT years FROM ages",
                    "CREATE MATERIALIZED VIEW after AS SELECT years + 1 AS years FROM between");

    private static final String CONTENT =
            """
            SELECT (SELECT string_agg(p::text, ' ' ORDER BY id) FROM person p),
                   (SELECT string_agg(d::text, ' ') FROM deal d), (SELECT string_agg(n::text, ' ') FROM note n),
                   (SELECT count(*) FROM bag), (SELECT years FROM ages), (SELECT years FROM after)""";

    private static final String THEN = "[(1,-5) (2,7), (1,-1), (1,\"at length\"), 4, 2, 3]";
    private static final String NOW = "[(1,5) (2,7) (9,9), (1,1), (1,now), 3, 21, 22]";

    private static final String CONSTRAINTS =
            """
            SELECT conname, convalidated, coninhcount, obj_description(oid, 'pg_constraint'), pg_get_constraintdef(oid)
              FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace ORDER BY conname, coninhcount""";

    private static final RewindOptions REFUSE =
            new RewindOptions(
                    RewindOptions.Foreign.REFUSE,
                    RewindOptions.Check.CHANGED_ROWS,
                    RewindOptions.Reports.AWAITED,
                    RewindOptions.Views.REFRESHED);

    private static final RewindOptions OVERWRITE =
            new RewindOptions(
                    RewindOptions.Foreign.OVERWRITE,
                    RewindOptions.Check.WHOLE_TABLES,
                    RewindOptions.Reports.AWAITED,
                    RewindOptions.Views.REFRESHED);

    @TempDir private Path directory;

    private HandmadeArchive archive(RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, SCHEMA);
        HandmadeArchive archive =
                SampleSource.archive(server, source, "moved-" + source.url().database());
        long person = RestoreServer.table(source, "person").id();
        archive.segment(
                List.of(
                        update(person, none(), fields("1", "5")),
                        insert(1, person, fields("9", "9")),
                        update(
                                RestoreServer.table(source, "deal_1").id(),
                                none(),
                                fields("1", "1")),
                        update(
                                RestoreServer.table(source, "note").id(),
                                none(),
                                fields("1", "now")),
                        delete(RestoreServer.table(source, "bag").id(), fields("x"))));
        return archive;
    }

    private static Database restored(RestoreServer server, HandmadeArchive archive)
            throws Exception {
        Database target = server.newDatabase();
        HandmadeArchive.Folded folded = archive.foldLatest();
        new Restore(target, RestoreOptions.of(2), RestoreServer.SILENT, Clock.systemUTC())
                .recording(RestoreRecord.of(archive.archive(), folded.plan()))
                .run(folded.plan(), Content.of(folded.database()));
        return target;
    }

    private RewindReport move(
            HandmadeArchive archive, Database target, Position to, RewindOptions options)
            throws Exception {
        Rewind.Outcome outcome =
                new Rewind(archive.archive(), directory, target, options, read -> {})
                        .run(archive.plan(new Moment.AtPosition(to)));
        assertThat(outcome).isInstanceOf(Rewind.Moved.class);
        return ((Rewind.Moved) outcome).report();
    }

    private TidemarkException refused(HandmadeArchive archive, Database target, Position to) {
        return catchThrowableOfType(
                TidemarkException.class, () -> move(archive, target, to, REFUSE));
    }

    private static List<String> rows(Database target, String query) throws Exception {
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = public");
            return RestoreServer.rows(connection, query);
        }
    }

    @Test
    void rowsThatBreakWhatIsNotValidComeBackAndViewsFollow(RestoreServer server) throws Exception {
        HandmadeArchive archive = archive(server);
        Database target = restored(server, archive);
        List<String> constraints = rows(target, CONSTRAINTS);
        assertThat(rows(target, CONTENT)).containsExactly(NOW);

        move(archive, target, EARLIER, REFUSE);
        assertThat(rows(target, CONTENT)).containsExactly(THEN);
        RewindReport forwards = move(archive, target, LATER, REFUSE);
        assertThat(rows(target, CONTENT)).containsExactly(NOW);
        assertThat(rows(target, CONSTRAINTS)).isEqualTo(constraints).hasSize(4);
        assertThat(forwards.tables())
                .filteredOn(table -> table.name().equals("public.bag"))
                .extracting(RewindReport.MovedTable::taken)
                .as("of equal rows only those that are too many")
                .containsExactly(1L);

        RestoreServer.run(target, List.of("UPDATE public.person SET age = 50"));
        assertThat(refused(archive, target, EARLIER))
                .hasMessage(
                        "%s was changed by others: rows of public.person are not as Tidemark left them"
                                .formatted(target));
        RewindReport loaded = move(archive, target, EARLIER, OVERWRITE);
        assertThat(rows(target, CONTENT)).containsExactly(THEN);
        assertThat(loaded.tables())
                .filteredOn(table -> !table.whole().isEmpty())
                .extracting(RewindReport.MovedTable::whole)
                .containsExactly("others changed it");
        assertThat(rows(target, CONSTRAINTS)).isEqualTo(constraints);
    }

    @Test
    void whatTheServerDoesNotCountIsFoundAtTheRowsAndSaysWhatHelps(RestoreServer server)
            throws Exception {
        HandmadeArchive archive = archive(server);
        Database target = restored(server, archive);
        move(archive, target, EARLIER, REFUSE);
        RestoreServer.run(
                target,
                List.of("SET track_counts = off", "INSERT INTO public.person VALUES (9, 1)"));

        TidemarkException refused = refused(archive, target, LATER);

        assertThat(refused)
                .hasMessage(
                        "%s was changed by others: rows of public.person are not as Tidemark left them"
                                .formatted(target));
        assertThat(refused.hint())
                .isEqualTo(
                        "Add --overwrite-changes to bring these tables to the moment too: what was changed in them is lost.");
        move(archive, target, LATER, OVERWRITE);
        assertThat(rows(target, CONTENT)).containsExactly(NOW);
    }

    @Test
    void changesOfASessionThatNobodyMaySeeAndHasNotReportedAreFound(RestoreServer server)
            throws Exception {
        HandmadeArchive archive = archive(server);
        Database target = restored(server, archive);
        String name = target.url().database();
        RestoreServer.run(
                target,
                List.of(
                        "CREATE ROLE mover_" + name + " LOGIN",
                        "CREATE ROLE tester_" + name + " LOGIN",
                        "GRANT \"%s\" TO mover_%s".formatted(server.superuser(), name),
                        "GRANT SET ON PARAMETER session_replication_role TO mover_" + name,
                        "GRANT ALL ON public.person TO tester_" + name));
        Database mover = server.database("mover_" + name, name);
        try (Connection tester = server.database("tester_" + name, name).connect();
                Statement statement = tester.createStatement()) {
            statement.execute("SELECT 1"); // it reports now, and not again within a second
            statement.execute("UPDATE public.person SET age = 6 WHERE id = 2");

            assertThat(refused(archive, mover, EARLIER))
                    .hasMessage(
                            "%s was changed by others: rows of public.person are not as Tidemark left them"
                                    .formatted(mover));
        }
        assertThat(rows(target, "SELECT age FROM person WHERE id = 2")).containsExactly("[6]");
    }

    @Test
    void aTableThatOthersMadeAnewIsRefused(RestoreServer server) throws Exception {
        HandmadeArchive archive = archive(server);
        Database target = restored(server, archive);
        RestoreServer.run(
                target,
                List.of(
                        "DROP TABLE public.bag",
                        "CREATE TABLE public.bag (a text)",
                        "ALTER TABLE public.bag REPLICA IDENTITY FULL",
                        "INSERT INTO public.bag VALUES ('x'), ('x'), ('x')"));

        assertThat(refused(archive, target, EARLIER))
                .hasMessage(
                        "%s was changed by others: public.bag was dropped and made anew"
                                .formatted(target));
    }

    @Test
    void aPromotionLeavesWhatIsOfOthers(RestoreServer server) throws Exception {
        HandmadeArchive archive = archive(server);
        Database target = restored(server, archive);
        RestoreServer.run(
                target,
                List.of(
                        "UPDATE public.person SET age = 1",
                        "CREATE VIEW public.watched AS SELECT position FROM tidemark_restore.state"));

        TidemarkException refused =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> Promotion.promote(archive.archive(), target));

        assertThat(refused)
                .hasMessage(
                        "cannot promote %s: something of others is in the schema tidemark_restore or needs it: view public.watched depends on table tidemark_restore.state"
                                .formatted(target));
        RestoreServer.run(target, List.of("DROP VIEW public.watched"));
        assertThat(Promotion.promote(archive.archive(), target).at().position()).isEqualTo(LATER);
        assertThat(rows(target, "SELECT to_regnamespace('tidemark_restore'), years FROM ages"))
                .containsExactly("[null, 3]");
    }
}
