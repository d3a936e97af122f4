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
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands that change the text of rows, of which neither an event nor a rewrite tells. */
final class RetextedIT {
    private static final List<String> TABLES =
            List.of(
                    "CREATE TYPE public.mood AS ENUM ('a', 'b', 'NULL')",
                    "CREATE DOMAIN public.mood_domain AS public.mood",
                    "CREATE TYPE public.moods AS RANGE (SUBTYPE = public.mood)",
                    "CREATE TYPE public.pair AS (x int, y public.mood)",
                    "CREATE TABLE public.row_source (id int PRIMARY KEY, t text)",
                    """
                    CREATE TABLE public.of_enum (id int PRIMARY KEY, m public.mood DEFAULT 'a', ms public.mood[],
                        d public.mood_domain, ds public.mood_domain[], r public.moods, p public.pair)""",
                    "CREATE TABLE public.of_pair (id int, p public.pair, ps public.pair[])",
                    "CREATE TABLE public.of_row (id int PRIMARY KEY, r public.row_source)",
                    "CREATE TYPE public.passing AS ENUM ('p')",
                    "CREATE DOMAIN public.passing_domain AS int",
                    "CREATE TYPE public.of_passing AS (a int, p public.passing, d public.passing_domain)",
                    "CREATE TABLE public.of_of_passing (id int PRIMARY KEY, o public.of_passing, os public.of_passing[])",
                    "CREATE TABLE public.row_of_passing (a int, p public.passing)",
                    "CREATE TABLE public.of_row_of_passing (id int PRIMARY KEY, r public.row_of_passing)",
                    "CREATE VIEW public.growing AS SELECT 1 AS a",
                    "CREATE TABLE public.of_growing (id int PRIMARY KEY, g public.growing)",
                    "CREATE TABLE public.of_none (id int PRIMARY KEY)");

    private static final List<String> ROWS =
            List.of(
                    """
                    INSERT INTO public.of_enum SELECT i, 'a', '{a,NULL,b}', 'a', '{a}', '[a,b)', '(1,a)'
                      FROM (SELECT coalesce(max(id), 0) + 1 FROM public.of_enum) x(i)""",
                    "INSERT INTO public.of_pair VALUES (1, '(1,a)', '{\"(2,b)\",\"(,a)\"}')",
                    """
                    INSERT INTO public.of_of_passing SELECT i, '(1,p,2)', '{"(3,p,4)"}'
                      FROM (SELECT coalesce(max(id), 0) + 1 FROM public.of_of_passing) x(i)""",
                    """
                    INSERT INTO public.of_row_of_passing SELECT i, '(1,p)'
                      FROM (SELECT coalesce(max(id), 0) + 1 FROM public.of_row_of_passing) x(i)""",
                    """
                    INSERT INTO public.of_growing SELECT i, '(1)'
                      FROM (SELECT coalesce(max(id), 0) + 1 FROM public.of_growing) x(i)""",
                    """
                    INSERT INTO public.of_row SELECT i, '(1,text)'
                      FROM (SELECT coalesce(max(id), 0) + 1 FROM public.of_row) x(i)""");

    private static final List<String> CHANGES =
            List.of(
                    "ALTER TYPE public.mood RENAME VALUE 'a' TO 'b c'",
                    "ALTER TYPE public.mood RENAME VALUE 'b' TO 'a'",
                    "ALTER TYPE public.pair ADD ATTRIBUTE \"new one\" text",
                    "ALTER TYPE public.pair DROP ATTRIBUTE x",
                    "ALTER TABLE public.row_source ADD more int",
                    "ALTER TABLE public.row_source DROP t",
                    "DROP TYPE public.passing CASCADE",
                    "DROP DOMAIN public.passing_domain CASCADE",
                    "CREATE OR REPLACE VIEW public.growing AS SELECT 1 AS a, 2 AS b",
                    "ALTER TYPE public.mood ADD VALUE 'last'");

    @TempDir private Path directory;

    static List<Release> releases() {
        return Release.newestAtLeast();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void rowsHaveTheTextOfTheirTypeAsItIs(Release release) throws Exception {
        try (Servers servers = Servers.start(directory, release.binaries());
                Site site = Site.create(servers, "retexted")) {
            Database source = site.source();
            TypeHistory.run(source, TABLES);
            TypeHistory.run(source, ROWS);
            site.protect();
            TypeHistory.run(source, ROWS);
            TypeHistory.run(
                    source,
                    List.of(
                            "CREATE TYPE public.late AS ENUM ('x')",
                            "CREATE TABLE public.of_late (l public.late)",
                            "INSERT INTO public.of_late VALUES ('x')"));
            TypeHistory.run(source, List.of("ALTER TYPE public.late RENAME VALUE 'x' TO 'y'"));
            for (String change : CHANGES) {
                TypeHistory.run(source, List.of(change));
            }
            TypeHistory.run(
                    source,
                    List.of(
                            "UPDATE public.of_row SET id = id + 10 WHERE id = 1",
                            "DELETE FROM public.of_pair WHERE ctid = (SELECT min(ctid) FROM public.of_pair)"));
            Set<String> kinds = new TreeSet<>(CatalogOracle.kinds());
            kinds.remove("identity"); // which init sets
            Truth truth = Truth.read(source, kinds);
            servers.execute("retexted", "SELECT tidemark.heartbeat()");
            site.awaitArchived(truth.position());
            site.stop();

            Database restored = site.restore(truth.position(), 1);

            assertThat(Difference.between(truth.image(), TypeHistory.image(restored, kinds)))
                    .isEmpty();
        }
    }

    /** Such a transaction does not see all rows that it changes the text of. */
    @ParameterizedTest
    @MethodSource("releases")
    void aSerializableRenameLosesNoRow(Release release) throws Exception {
        try (Servers servers = Servers.start(directory, release.binaries());
                Site site = Site.create(servers, "serializable")) {
            Database source = site.source();
            TypeHistory.run(
                    source,
                    List.of(
                            "CREATE TYPE public.mood AS ENUM ('a', 'b')",
                            "CREATE TABLE public.of_enum (id int PRIMARY KEY, m public.mood)",
                            "CREATE TABLE public.of_name (id int PRIMARY KEY, t regtype)"));
            site.protect();
            try (Connection renaming = source.connect();
                    Statement statement = renaming.createStatement()) {
                statement.execute("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1");
                TypeHistory.run(
                        source,
                        List.of(
                                "INSERT INTO public.of_enum VALUES (1, 'a')",
                                "INSERT INTO public.of_name VALUES (1, 'public.mood')"));
                statement.execute("ALTER TYPE public.mood RENAME VALUE 'a' TO 'c'");
                statement.execute("ALTER TYPE public.mood RENAME TO moods");
                statement.execute("COMMIT");
            }
            site.look();
            Set<String> kinds = new TreeSet<>(CatalogOracle.kinds());
            Truth truth = Truth.read(source, kinds);
            servers.execute("serializable", "SELECT tidemark.heartbeat()");
            site.awaitArchived(truth.position());
            site.stop();

            Database restored = site.restore(truth.position(), 1);

            assertThat(Difference.between(truth.image(), TypeHistory.image(restored, kinds)))
                    .isEmpty();
        }
    }
}
