package dev.tidemark.cli.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.CatalogOracle;
import dev.tidemark.cli.differential.Difference;
import dev.tidemark.cli.differential.Servers;
import dev.tidemark.cli.differential.Site;
import dev.tidemark.cli.differential.Truth;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that name objects of the database, by values of {@code regclass} and the like. */
final class NamingIT {
    private static final List<String> OBJECTS =
            List.of(
                    "CREATE SCHEMA named",
                    "CREATE TABLE named.\"a Table\" (id int CONSTRAINT \"the key\" PRIMARY KEY, v text)",
                    "CREATE TABLE named.doomed (id int PRIMARY KEY)",
                    "CREATE INDEX an_index ON named.\"a Table\" (v)",
                    "CREATE VIEW named.a_view AS SELECT * FROM named.\"a Table\"",
                    "CREATE MATERIALIZED VIEW named.kept AS SELECT * FROM named.a_view",
                    "CREATE INDEX on_kept ON named.kept (v)",
                    "CREATE TYPE named.mood AS ENUM ('a')",
                    "CREATE FUNCTION named.f(named.mood) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                    "CREATE FUNCTION named.of_view() RETURNS SETOF named.a_view LANGUAGE sql AS 'SELECT * FROM named.a_view'",
                    "CREATE FUNCTION named.same(int, named.mood) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                    "CREATE OPERATOR named.=== (FUNCTION = named.same, LEFTARG = int, RIGHTARG = named.mood)",
                    "CREATE TEXT SEARCH DICTIONARY named.plain (TEMPLATE = simple)",
                    "CREATE TEXT SEARCH CONFIGURATION named.words (COPY = simple)",
                    "CREATE COLLATION named.sorted FROM \"C\"");

    private static final List<String> NAMING =
            List.of(
                    "CREATE TYPE named.pair AS (n int, c regclass)",
                    "CREATE DOMAIN named.relation AS regclass",
                    "CREATE TYPE named.nested AS (p named.pair[], r named.relation)",
                    """
                    CREATE TABLE named.names (id int PRIMARY KEY, c regclass, cs regclass[], p regproc, pr regprocedure,
                        o regoper, op regoperator, t regtype, r regrole, s regnamespace, g regconfig, d regdictionary,
                        l regcollation, n named.nested, q int REFERENCES named.names)""",
                    "CREATE FUNCTION named.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'refused'; END$$",
                    "CREATE TABLE named.keys (c regclass PRIMARY KEY, v text)",
                    "CREATE TABLE named.of_keys (c regclass REFERENCES named.keys)",
                    "CREATE TABLE named.of_row (id int PRIMARY KEY, n named.names)",
                    "CREATE MATERIALIZED VIEW named.of_names AS SELECT id, c FROM named.names",
                    "CREATE TABLE named.quiet (id int, c regclass)");

    private static final String REFUSE =
            """
            ALTER TABLE named.names ADD CONSTRAINT broken CHECK (id <> 20) NOT VALID;
            CREATE TRIGGER refuse BEFORE INSERT ON named.names FOR EACH ROW EXECUTE FUNCTION named.refuse();
            ALTER TABLE named.names ENABLE ALWAYS TRIGGER refuse""";

    private static List<String> rows(int id) {
        return List.of(
                """
                INSERT INTO named.names SELECT %d + i, c, ARRAY[c, NULL, 'named.doomed'], 'named.f', 'named.f(named.mood)',
                    'named.===', 'named.===(int,named.mood)', 'named.mood[]', '"naming role"', 'named', 'named.words',
                    'named.plain', 'named.sorted', ROW(ARRAY[ROW(1, c)::named.pair], c)::named.nested, NULL
                  FROM unnest(ARRAY['named."a Table"', 'named.doomed', 'named."the key"', 'named.an_index', 'named.a_view',
                                    'named.kept', 'named.on_kept', '-', '4294967295']::regclass[]) WITH ORDINALITY AS u(c, i)"""
                        .formatted(id),
                "INSERT INTO named.names (id, p, pr, t) VALUES (%d, 'named.of_view', 'named.of_view()', 'named.a_view')"
                        .formatted(id),
                "INSERT INTO named.keys SELECT 'named.\"a Table\"', 'x' WHERE %d = 1".formatted(id),
                "INSERT INTO named.keys SELECT 'named.a_view', 'x' WHERE %d > 1".formatted(id),
                "INSERT INTO named.of_keys SELECT c FROM named.keys",
                "INSERT INTO named.of_row SELECT id, x FROM named.names x WHERE id = %d"
                        .formatted(id),
                "INSERT INTO named.quiet VALUES (1, 'pg_class')");
    }

    private static final List<String> CHANGES =
            List.of(
                    "ALTER TABLE named.\"a Table\" RENAME TO \"an \"\"odd\"\" table\"",
                    "ALTER INDEX named.an_index RENAME TO an_other",
                    "ALTER TABLE named.\"an \"\"odd\"\" table\" RENAME CONSTRAINT \"the key\" TO \"a key\"",
                    "UPDATE named.names SET o = 0 WHERE c = 'named.an_other'::regclass",
                    "ALTER TYPE named.mood RENAME TO moods",
                    "ALTER FUNCTION named.f(named.moods) RENAME TO g",
                    "ALTER MATERIALIZED VIEW named.kept SET SCHEMA public",
                    "ALTER TEXT SEARCH DICTIONARY named.plain RENAME TO plainer",
                    "ALTER COLLATION named.sorted RENAME TO unsorted",
                    "INSERT INTO named.keys VALUES ('named.doomed', 'y')",
                    "DROP TABLE named.doomed",
                    "UPDATE named.keys SET v = 'z'",
                    "DROP OPERATOR named.=== (int, named.moods)",
                    "DROP TEXT SEARCH CONFIGURATION named.words",
                    "ALTER SCHEMA named RENAME TO renamed",
                    "CREATE EXTENSION hstore",
                    "CREATE TABLE public.extended (t regtype PRIMARY KEY)",
                    "INSERT INTO public.extended VALUES ('hstore')",
                    "ALTER EXTENSION hstore SET SCHEMA renamed",
                    "UPDATE public.extended SET t = t",
                    "ALTER ROLE \"naming role\" RENAME TO \"other role\"");

    @TempDir private Path directory;

    static List<Release> releases() {
        return Release.newestAtLeast();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void rowsNameTheSameObjects(Release release) throws Exception {
        try (Servers servers = Servers.start(directory, release.binaries());
                Site site = Site.create(servers, "naming")) {
            Database source = site.source();
            TypeHistory.run(source, List.of("CREATE ROLE \"naming role\""));
            TypeHistory.run(source, OBJECTS);
            TypeHistory.run(source, NAMING);
            TypeHistory.run(source, rows(1));
            site.protect();
            TypeHistory.run(source, rows(20));
            TypeHistory.run(source, List.of(REFUSE));
            Set<String> kinds = new TreeSet<>(CatalogOracle.kinds());
            kinds.remove("identity"); // which init sets
            List<Truth> truths = new ArrayList<>();
            truths.add(Truth.read(source, kinds));
            for (String change : CHANGES) {
                if (change.startsWith("ALTER ROLE")) {
                    site.look(); // the moments before are known by it
                }
                TypeHistory.run(source, List.of(change));
                truths.add(Truth.read(source, kinds));
            }
            // No event trigger tells of roles; the capture's own look may be under way.
            truths.removeLast();
            site.look();
            truths.add(Truth.read(source, kinds));
            servers.execute("naming", "SELECT tidemark.heartbeat()");
            site.awaitArchived(truths.getLast().position());
            site.stop();
            TypeHistory.run(source, List.of("CREATE ROLE \"naming role\""));

            for (int change : List.of(0, 1, CHANGES.size() - 9, CHANGES.size())) {
                Truth truth = truths.get(change);
                Database restored = site.restore(truth.position(), change);

                assertThat(Difference.between(truth.image(), TypeHistory.image(restored, kinds)))
                        .as(change == 0 ? "before all" : CHANGES.get(change - 1))
                        .isEmpty();
            }
        }
    }
}
