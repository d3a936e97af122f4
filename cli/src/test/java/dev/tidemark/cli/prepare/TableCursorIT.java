package dev.tidemark.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.RowSink;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.capture.prepare.TableCopy;
import dev.tidemark.capture.prepare.TableCursor;
import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.capture.prepare.TableParts;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the capture role, which has no right to any table, reads of tables. */
final class TableCursorIT {
    @TempDir private static Path directory;
    private static Sources sources;

    @BeforeAll
    static void start() {
        sources = new Sources(directory);
    }

    @AfterAll
    static void stop() {
        sources.close();
    }

    private static Database source(Version version, String... commands) throws SQLException {
        Database source = sources.database(version);
        Sources.execute(source, commands);
        Preparation.run(source, SourceNames.of("crm"), "capture", Optional.empty(), 1);
        return source;
    }

    private static SourceSnapshot snapshot(Database source) {
        return SourceSnapshot.createTemporary(source, "cursor_" + source.url().database());
    }

    private interface Reading {
        long copy(Connection session, TablePart part, RowSink sink) throws IOException;
    }

    private static List<String> rows(Connection session, List<TablePart> parts, Reading reading)
            throws IOException {
        List<String> rows = new ArrayList<>();
        for (TablePart part : parts) {
            int before = rows.size();
            long count = reading.copy(session, part, row -> rows.add(part.table().name() + row));
            assertThat(count).isEqualTo(rows.size() - before);
        }
        rows.sort(null);
        return rows;
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void itReadsWhatACopyOfTheOwnerReads(Version version) throws SQLException, IOException {
        Database source =
                source(
                        version,
                        "CREATE SCHEMA closed",
                        """
                        CREATE TABLE closed."Größen ""& Ziele" (id int PRIMARY KEY, "we""i%rd" text, n numeric,
                            t timestamptz, b bytea, a text[], g int GENERATED ALWAYS AS (id + 1) STORED, gone int, e text)""",
                        "ALTER TABLE closed.\"Größen \"\"& Ziele\" DROP COLUMN gone, ENABLE ROW LEVEL SECURITY,"
                                + " FORCE ROW LEVEL SECURITY",
                        """
                        INSERT INTO closed."Größen ""& Ziele" VALUES
                            (1, E'tab\\t nl\\n cr\\r bs\\\\ \\\\N \\x01 "q" (,) Ä🙂', 1.10, 'infinity', '\\x00ff5c', '{NULL,"a,\\"b"}'),
                            (2, '', 'NaN', '0044-03-15 12:00 BC', '', '{}'),
                            (3, NULL, NULL, NULL, NULL, NULL)""",
                        "CREATE TABLE a (id int PRIMARY KEY, v text)",
                        "INSERT INTO a SELECT i, repeat('x', 1000) FROM generate_series(1, 5000) i",
                        "CREATE TABLE child (c int) INHERITS (a)",
                        "INSERT INTO child VALUES (-1, 'x', 1)",
                        "CREATE TABLE empty ()",
                        "INSERT INTO empty SELECT FROM generate_series(1, 3)",
                        "CREATE TABLE none (id int)",
                        "CREATE UNLOGGED TABLE unlogged (id int)");
        Database capture = Sources.as(source, "capture");
        try (SourceSnapshot owners = snapshot(source);
                Connection owner = owners.session();
                SourceSnapshot captures = SourceSnapshot.createTemporary(capture, "of_capture");
                Connection session = captures.session()) {
            List<Table> tables = CatalogReader.read(owner).tables();
            List<Long> ids = tables.stream().map(Table::id).toList();

            List<TablePart> parts = TableParts.ofPrepared(session, ids, 16);

            assertThat(parts).hasSizeGreaterThan(20);
            assertThat(rows(session, parts, TableCursor::copy))
                    .isEqualTo(rows(owner, TableParts.of(owner, tables), TableCopy::copy))
                    .hasSize(3 + 5000 + 1 + 3);
            assertThat(parts.stream().map(part -> part.table().withVersion(0)).distinct())
                    .containsExactlyInAnyOrderElementsOf(
                            tables.stream().filter(Table::holdsRows).toList());
        }
    }

    @Test
    void itReadsNothingElse() throws SQLException {
        Database source = source(Version.NEWEST, "CREATE TABLE a (id int)");
        Database capture = Sources.as(source, "capture");

        assertThatThrownBy(() -> Sources.ask(capture, "SELECT id::text FROM public.a"))
                .hasMessageContaining("permission denied for table a");
        assertThatThrownBy(
                        () ->
                                Sources.ask(
                                        capture,
                                        "SELECT tidemark.open_rows((SELECT oid FROM pg_class WHERE relname = 'secret')::bigint, 0, NULL)::text"))
                .hasMessageContaining("not a table that is captured");
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aTableThatChangedAfterTheSnapshotIsRefused(Version version) throws SQLException {
        Database source =
                source(
                        version,
                        "CREATE TABLE a (id int PRIMARY KEY, v text)",
                        "INSERT INTO a VALUES (1, 'x')");
        List<Long> ids =
                List.of(
                        Long.parseLong(
                                Sources.ask(source, "SELECT 'public.a'::regclass::oid::text")
                                        .getFirst()));
        try (SourceSnapshot snapshot = snapshot(Sources.as(source, "capture"));
                Connection session = snapshot.session()) {
            Sources.execute(source, "ALTER TABLE a ALTER v TYPE int USING 1");

            assertThatThrownBy(() -> TableParts.ofPrepared(session, ids))
                    .hasMessage(
                            "table public.a was truncated, rewritten or replaced since the snapshot was taken");
        }
    }

    @Test
    void aTableThatCannotBeLockedIsNamed() throws Exception {
        Database source =
                source(
                        Version.NEWEST,
                        "CREATE TABLE a (id int PRIMARY KEY)",
                        "CREATE TABLE b (id int PRIMARY KEY)");
        List<Long> ids =
                Sources.ask(source, "SELECT unnest('{public.a,public.b}'::regclass[])::oid::text")
                        .stream()
                        .map(Long::valueOf)
                        .toList();
        try (Connection other = source.connect();
                SourceSnapshot snapshot = snapshot(Sources.as(source, "capture"));
                Connection session = snapshot.session()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE public.b");
            session.createStatement().execute("SET statement_timeout = '300ms'");

            assertThatThrownBy(() -> TableParts.ofPrepared(session, ids))
                    .hasMessage(
                            "cannot lock table public.b to read it: canceling statement due to statement timeout");
        }
    }

    @Test
    void aCommandThatWaitsForTheTableGoesFirst() throws Exception {
        Database source =
                source(
                        Version.NEWEST,
                        "CREATE TABLE a (id int PRIMARY KEY, v text)",
                        "INSERT INTO a SELECT i, repeat('x', 1000) FROM generate_series(1, 5000) i");
        List<Long> ids =
                List.of(
                        Long.parseLong(
                                Sources.ask(source, "SELECT 'public.a'::regclass::oid::text")
                                        .getFirst()));
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            List<Future<?>> altered = new ArrayList<>();
            try (SourceSnapshot snapshot = snapshot(Sources.as(source, "capture"));
                    Connection session = snapshot.session()) {
                TablePart part = TableParts.ofPrepared(session, ids).getFirst();
                RowSink slow =
                        (List<Value> row) -> {
                            if (altered.isEmpty()) {
                                altered.add(other.submit(() -> alter(source)));
                                await(source);
                            }
                        };

                assertThatThrownBy(() -> TableCursor.copy(session, part, slow))
                        .hasMessage("a command waits for table public.a while its rows are read");
            }
            altered.getFirst().get(20, TimeUnit.SECONDS);
        }
        assertThat(Sources.ask(source, "SELECT count(w)::text FROM public.a")).containsExactly("0");
    }

    private static boolean alter(Database source) throws SQLException {
        Sources.execute(source, "ALTER TABLE a ADD w int");
        return true;
    }

    /** Until somebody waits for a table's lock, and longer than others are let wait. */
    private static void await(Database source) {
        long waits = Long.MAX_VALUE;
        while (System.nanoTime() < waits) {
            try {
                if (waits == Long.MAX_VALUE
                        && Sources.ask(
                                        source,
                                        "SELECT count(*)::text FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'")
                                .equals(List.of("1"))) {
                    waits = System.nanoTime() + Duration.ofSeconds(2).toNanos();
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
