package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.replay.load.RowsChecksum;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that a command rewrote and that are too large for the source's log. */
final class TableBaseIT {
    private static final String SETTINGS =
            "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms, catalog-interval: 2s}";

    private static final String TABLES =
            """
            SET search_path = public;
            CREATE TYPE mood AS ENUM ('fine', 'so-so');
            CREATE TABLE company (id int PRIMARY KEY, name text);
            CREATE TABLE deal (id int PRIMARY KEY, company int REFERENCES company, amount numeric, note text,
                odd text, moods mood[], twice numeric GENERATED ALWAYS AS (amount * 2) STORED, gone int);
            CREATE TABLE task (id int PRIMARY KEY, deal int REFERENCES deal);
            CREATE TABLE bag (a int, b text);
            CREATE TABLE "odd "" name" (id int PRIMARY KEY, "va,l" text);
            CREATE TABLE tree (id int, v text) PARTITION BY LIST (id);
            CREATE TABLE tree_1 PARTITION OF tree FOR VALUES IN (1);
            CREATE TABLE old (id int PRIMARY KEY, v int);
            CREATE TABLE young (more text) INHERITS (old);
            ALTER TABLE deal DROP gone;
            ALTER TABLE deal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
            CREATE POLICY nobody ON deal USING (false);
            INSERT INTO company SELECT i, 'c' || i FROM generate_series(1, 20) i;
            INSERT INTO deal SELECT i, 1 + i % 20, i * 1.50, repeat('n', i % 7), NULL, '{fine,NULL}'
              FROM generate_series(1, 20000) i;
            INSERT INTO deal VALUES (0, 1, NULL, '', E'a "quoted", (text) \\\\ with\\nall \\t of it', '{}'),
                (-1, 1, 'NaN', ',', ')', NULL), (-2, 1, 7, 'null', '"', '{so-so}');
            INSERT INTO task SELECT i, i FROM generate_series(1, 100) i;
            INSERT INTO bag SELECT i % 3, 'x' FROM generate_series(1, 10) i;
            INSERT INTO "odd "" name" VALUES (1, 'v');
            INSERT INTO tree VALUES (1, 'one');
            INSERT INTO old VALUES (1, 1);
            INSERT INTO young VALUES (2, 2, 'more')""";

    @TempDir private static Path directory;

    /** Sessions that write into the table all the time. */
    private static final class Writers implements AutoCloseable {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicBoolean isStopping = new AtomicBoolean();
        private final List<Future<Integer>> done = new ArrayList<>();

        Writers(Deployment tidemark) {
            for (int writer = 0; writer < 2; writer++) {
                int first = writer;
                done.add(threads.submit(() -> write(tidemark, first)));
            }
        }

        private int write(Deployment tidemark, int first) throws SQLException {
            int writes = 0;
            try (Connection connection = tidemark.connect();
                    Statement statement = connection.createStatement()) {
                while (!isStopping.get()) {
                    int id = 100 + 2 * (writes % 5000) + first;
                    statement.execute(
                            "UPDATE public.deal SET note = note || 'u' WHERE id = "
                                    + id
                                    + "; INSERT INTO public.deal (id, company, note) VALUES ("
                                    + (1_000_000 + 2 * writes + first)
                                    + ", 2, 'new'); DELETE FROM public.deal WHERE id = "
                                    + (15_000 + 2 * (writes % 2000) + first)
                                    + "; INSERT INTO public.bag (b) VALUES ('w"
                                    + writes % 5
                                    + "')");
                    writes++;
                }
            }
            return writes;
        }

        @Override
        public void close() throws Exception {
            isStopping.set(true);
            for (Future<Integer> writer : done) {
                assertThat(writer.get()).isPositive();
            }
            threads.close();
        }
    }

    private static Deployment start(String name, PostgresBinaries binaries) throws Exception {
        Deployment tidemark = Deployment.start(directory.resolve(name), binaries, SETTINGS);
        tidemark.execute("crm", TABLES);
        // Nothing is small enough for the log.
        Path tiny = tidemark.configuration("tiny", "source:", "source:\n  image-max-bytes: 1kB");
        Outcome init = tidemark.tidemark(tiny, "init");
        assertThat(init.code()).as(init.err()).isZero();
        return tidemark;
    }

    private static Outcome restoring(Deployment tidemark, String name, String... more)
            throws SQLException {
        tidemark.execute("postgres", "CREATE DATABASE " + name);
        List<String> arguments = new ArrayList<>(List.of("restore"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--into", tidemark.database(name).url().toString()));
        return tidemark.tidemark(arguments.toArray(String[]::new));
    }

    /** Everything is known at the archive's end. */
    private static void awaitKnown(Deployment tidemark) {
        Deployment.await(
                () -> "all tables to be known; the services said:\n" + tidemark.logs(),
                () -> !tidemark.succeed("info").out().contains("until a new base"));
    }

    private static void checkRewritesOfLargeTables(Deployment tidemark) throws Exception {
        Truth before;
        Truth within;
        Truth after;
        try (Writers writers = new Writers(tidemark)) {
            before = tidemark.truth();
            tidemark.execute(
                    "crm",
                    "ALTER TABLE public.deal ALTER note TYPE varchar(9000) USING note || '!'");
            within = tidemark.truth();
            tidemark.awaitArchivedPast(within);
            awaitKnown(tidemark);
            tidemark.execute(
                    "crm",
                    """
                    SET search_path = public;
                    ALTER TABLE bag ADD c float8 DEFAULT random();
                    ALTER TABLE "odd "" name" ADD token uuid DEFAULT gen_random_uuid();
                    ALTER TABLE tree ADD token uuid DEFAULT gen_random_uuid();
                    ALTER TABLE old ADD token uuid DEFAULT gen_random_uuid()""");
            Truth second = tidemark.truth();
            tidemark.awaitArchivedPast(second);
            awaitKnown(tidemark);
            tidemark.execute("crm", "UPDATE public.deal SET odd = 'later' WHERE id < 50");
            after = tidemark.truth();
        }
        tidemark.awaitArchivedPast(after);
        awaitKnown(tidemark);

        assertThat(tidemark.restored("before_it", "--to", before.position().toString()))
                .isEqualTo(before.tables());
        assertThat(tidemark.restored("after_it", "--to", after.position().toString()))
                .isEqualTo(after.tables());
        Truth now = tidemark.truth();
        tidemark.awaitArchivedPast(now);
        assertThat(tidemark.restored("latest", "--to", "latest")).isEqualTo(now.tables());
        checkWithin(tidemark, within);
        assertThat(tidemark.succeed("verify").out()).contains("no problem");
    }

    private static final Pattern REFUSAL =
            Pattern.compile(
                    "error: the rows of \\[public.deal] at (\\S+) are not known: public.deal: a schema change"
                            + " rewrote them at (\\S+) \\(\\S+Z\\) without a trace in the stream, and the table's"
                            + " next base is at (\\S+) \\(\\S+Z\\)\\R"
                            + "HINT: Choose a moment before (\\S+) or from (\\S+) on, or leave the rows out:"
                            + " --exclude-table-data public.deal.\\R",
                    Pattern.CASE_INSENSITIVE);

    private static void checkWithin(Deployment tidemark, Truth within) throws SQLException {
        String moment = within.position().toString();
        Outcome refused = restoring(tidemark, "refused", "--to", moment);
        assertThat(refused.code()).isEqualTo(3);
        Matcher said = REFUSAL.matcher(refused.err());
        assertThat(said.find()).as(refused.err()).isTrue();
        assertThat(said.group(2)).isEqualTo(said.group(4));
        assertThat(said.group(3)).isEqualTo(said.group(5));
        assertThat(restoring(tidemark, "just_before", "--before", said.group(2)).code()).isZero();
        Outcome from = restoring(tidemark, "just_from", "--to", said.group(3));
        assertThat(from.code()).as(from.err()).isZero();
        assertThat(tidemark.succeed("info").out())
                .contains("not known the rows of public.deal from ")
                .contains("(" + said.group(2) + ") to ")
                .contains("(" + said.group(3) + ")");

        Outcome without =
                restoring(
                        tidemark, "without", "--to", moment, "--exclude-table-data", "public.deal");
        assertThat(without.code()).as(without.err()).isEqualTo(1);
        assertThat(without.err())
                .contains("left out: the rows of public.deal")
                .contains("left out: foreign key public.task_deal_fkey: ");
        assertThat(without.out())
                .contains(
                        " but for 1 objects that were left out and the rows of 1 table that were left out");
        Map<String, RowsChecksum> expected = new TreeMap<>(within.tables());
        expected.put("public.deal", new RowsChecksum(0, 0, 0));
        assertThat(tidemark.rows("without")).isEqualTo(expected);

        Outcome unknown =
                restoring(
                        tidemark, "unknown", "--to", moment, "--exclude-table-data", "public.nix");
        assertThat(unknown.code()).isEqualTo(3);
        assertThat(unknown.err()).contains("there is no table public.nix at");
    }

    @Test
    void aNewBaseMakesARewrittenTableKnownAgain() throws Exception {
        try (Deployment tidemark = start("newest", PostgresBinaries.onClassPath())) {
            tidemark.service("run");
            checkRewritesOfLargeTables(tidemark);
        }
    }

    @Test
    void aBaseFromTheSourceBesideTheServicesCountsFromItsPositionOn() throws Exception {
        try (Deployment tidemark = start("asked", PostgresBinaries.onClassPath())) {
            Outcome early = tidemark.tidemark("base", "--from-source", "--table", "deal");
            Process run = tidemark.service("run");
            tidemark.awaitLogged("run", 0, "capturing");
            Truth before;
            Outcome one;
            Truth between;
            Outcome all;
            Truth after;
            try (Writers writers = new Writers(tidemark)) {
                before = tidemark.truth();
                one =
                        tidemark.succeed(
                                "base",
                                "--from-source",
                                "--table",
                                "public.deal",
                                "--table",
                                "bag");
                between = tidemark.truth();
                tidemark.execute("crm", "CREATE TABLE public.made AS SELECT 1 AS v");
                all = tidemark.succeed("base", "--from-source");
                after = tidemark.truth();
            }
            tidemark.awaitArchivedPast(after);
            Truth now = tidemark.truth();
            tidemark.awaitArchivedPast(now);
            String from = all.out().replaceFirst("(?s).*From (\\S+) .*", "$1");

            assertThat(early.code()).isEqualTo(3);
            assertThat(early.err())
                    .isEqualTo(
                            """
                            error: no capture streams from the slot 'tidemark_crm', so that the archive would not get to the base
                            HINT: Start the services with 'tidemark run', and run this again.
                            """);
            assertThat(one.out())
                    .matches(
                            "Copied \\S+ k rows of 2 tables from the source in .*, as of 0/[0-9A-F]+ \\(20.*Z\\)\\.\n");
            assertThat(all.out())
                    .containsPattern("Copied \\S+ k rows of 9 tables from the source in ")
                    .contains(" on restores begin with them, and read nothing of before.\n");
            assertThat(tidemark.succeed("restore", "--to", "latest", "--dry-run").out())
                    .contains("base      at " + from + ", ");
            assertThat(tidemark.restored("before", "--to", before.position().toString()))
                    .isEqualTo(before.tables());
            assertThat(tidemark.restored("between", "--to", between.position().toString()))
                    .isEqualTo(between.tables());
            assertThat(tidemark.restored("after", "--to", after.position().toString()))
                    .isEqualTo(after.tables());
            assertThat(tidemark.restored("latest", "--to", "latest")).isEqualTo(now.tables());
            assertThat(tidemark.succeed("verify").out()).contains("no problem");
            assertThat(tidemark.succeed("ledger").out()).contains("base: 2 of 2 good");
            checkRefusals(tidemark);
            assertThat(run.isAlive()).isTrue();
        }
    }

    private static void checkRefusals(Deployment tidemark) {
        Outcome none = tidemark.tidemark("base", "--from-source", "--table", "nix");
        Outcome parted = tidemark.tidemark("base", "--from-source", "--table", "tree");
        Outcome gap = tidemark.tidemark("base", "--from-source", "--confirm");
        Outcome mixed = tidemark.tidemark("base", "--table", "deal");

        assertThat(none.code()).isEqualTo(3);
        assertThat(none.err())
                .isEqualTo(
                        """
                        error: the archive knows no table 'nix'
                        HINT: Name it as schema.table, without quotes. One that was made just now is known as soon as it is archived.
                        """);
        assertThat(parted.err())
                .contains("table public.tree is not captured: it holds no rows of its own");
        assertThat(gap.code()).isEqualTo(3);
        assertThat(gap.err()).contains("without --confirm a base is taken beside it");
        assertThat(mixed.code()).isEqualTo(2);
    }

    /** Files of bases that no manifest names. */
    private static List<String> unpublished(Deployment tidemark) throws IOException {
        try (ObjectStore store = tidemark.store();
                Archive archive = Archive.open(tidemark.store())) {
            Set<String> published =
                    archive.state().manifests().stream()
                            .flatMap(manifest -> manifest.files().stream())
                            .map(FileRef::name)
                            .collect(Collectors.toSet());
            return store.list("data/", "", 1_000).stream()
                    .filter(name -> name.matches(".*/\\d+-0-\\d+\\.parquet"))
                    .filter(name -> !published.contains(name))
                    .toList();
        }
    }

    @Tag("long")
    @Test
    void aKilledCaptureLeavesGarbageOnlyAndTheNextBeginsAgain() throws Exception {
        try (Deployment tidemark = start("killed", Release.OLDEST.binaries())) {
            Process capture = tidemark.service("capture");
            Process archiver = tidemark.service("archiver");
            tidemark.awaitLogged("capture", 0, "capturing");
            Truth after;
            try (Connection writing = tidemark.connect()) {
                writing.setAutoCommit(false);
                try (Statement statement = writing.createStatement()) {
                    // Holds the snapshot up until the archiver is gone.
                    statement.execute("INSERT INTO public.company VALUES (21, 'open')");
                }
                tidemark.execute(
                        "crm", "ALTER TABLE public.bag ALTER b TYPE varchar(9) USING b || '!'");
                tidemark.awaitLogged("capture", 0, "taking a new base of [public.bag]");
                Deployment.signal(archiver, "KILL");
                archiver.waitFor();
                writing.rollback();
            }
            tidemark.awaitLogged("capture", 0, "waiting for the archive");
            assertThat(unpublished(tidemark)).isNotEmpty();
            Deployment.signal(capture, "KILL");
            capture.waitFor();
            tidemark.execute("crm", "INSERT INTO public.bag VALUES (9, 'later')");
            after = tidemark.truth();

            tidemark.service("capture");
            tidemark.service("archiver");
            tidemark.awaitArchivedPast(after);
            awaitKnown(tidemark);

            Truth now = tidemark.truth();
            tidemark.awaitArchivedPast(now);
            assertThat(tidemark.restored("restored", "--to", now.position().toString()))
                    .isEqualTo(now.tables());
            assertThat(unpublished(tidemark)).isEmpty();
            assertThat(tidemark.succeed("verify").out()).contains("no problem");
        }
    }
}
