package dev.tidemark.cli.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.capture.prepare.SlotRemoval;
import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.capture.prepare.TableCopy;
import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.capture.prepare.TableParts;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of a base are the source's own, as of the slot's position. */
final class TableCopyIT {
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
        return source;
    }

    private static SourceSnapshot snapshot(Database source) {
        return SourceSnapshot.createTemporary(source, "copy_" + source.url().database());
    }

    private static List<String> copied(Connection session, List<TablePart> parts)
            throws IOException {
        List<String> rows = new ArrayList<>();
        for (TablePart part : parts) {
            long count =
                    TableCopy.copy(
                            session,
                            part,
                            row ->
                                    rows.add(
                                            row.stream()
                                                    .map(Value::toString)
                                                    .collect(Collectors.joining("|"))));
            assertThat(count).isLessThanOrEqualTo(rows.size());
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void everyValueIsTheSourcesOwnText(Version version) throws SQLException, IOException {
        Database source =
                source(
                        version,
                        "CREATE TYPE pair AS (a int, \"B\" text)",
                        """
                        CREATE TABLE "Größen ""& Ziele" (id int PRIMARY KEY, "we""ird" text, n numeric,
                            f float8, t timestamptz, i interval, b bytea, a text[], j jsonb, p pair,
                            g int GENERATED ALWAYS AS (id + 1) STORED, gone int, e text)""",
                        "ALTER TABLE \"Größen \"\"& Ziele\" DROP COLUMN gone",
                        """
                        INSERT INTO "Größen ""& Ziele" VALUES
                            (1, E'tab\\t nl\\n cr\\r bs\\\\ \\\\N \\x01 \\b\\f\\v Ä🙂', 1.10, 0.1::float8 + 0.2, 'infinity',
                             '1 mon -2 days', '\\x00ff5c', '{NULL,"a,\\"b",\\\\}', '{"k": [1, null]}', '(1,"x y")'),
                            (2, '', 'NaN', '-0', '0044-03-15 12:00 BC', '0', '', '{}', '"\\t x"', '(,)'),
                            (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""");
        try (SourceSnapshot snapshot = snapshot(source);
                Connection session = snapshot.session()) {
            List<Table> tables = CatalogReader.read(session).tables();

            List<String> rows = copied(session, TableParts.of(session, tables));

            assertThat(rows)
                    .isEqualTo(
                            Sources.ask(
                                    session,
                                    """
                                    SELECT id::text, coalesce("we""ird", 'NULL'), coalesce(n::text, 'NULL'),
                                           coalesce(f::text, 'NULL'), coalesce(t::text, 'NULL'),
                                           coalesce(i::text, 'NULL'), coalesce(b::text, 'NULL'),
                                           coalesce(a::text, 'NULL'), coalesce(j::text, 'NULL'),
                                           coalesce(p::text, 'NULL'), coalesce(e, 'NULL')
                                      FROM public."Größen ""& Ziele" ORDER BY id"""));
            assertThat(rows).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void partsTogetherAreTheTable(Version version) throws SQLException, IOException {
        Database source =
                source(
                        version,
                        "CREATE TABLE a (id int PRIMARY KEY, v text)",
                        "INSERT INTO a SELECT i, repeat('x', 100) FROM generate_series(1, 5000) i",
                        "ANALYZE a",
                        "CREATE TABLE child (c int) INHERITS (a)",
                        "INSERT INTO child VALUES (-1, 'x', 1)",
                        "CREATE UNLOGGED TABLE unlogged (id int)",
                        "CREATE TABLE empty ()",
                        "INSERT INTO empty SELECT FROM generate_series(1, 3)");
        try (SourceSnapshot snapshot = snapshot(source);
                Connection session = snapshot.session()) {
            List<Table> tables = CatalogReader.read(session).tables();
            Sources.execute(
                    source, "INSERT INTO a VALUES (9999, 'later')", "DELETE FROM a WHERE id < 100");

            List<TablePart> parts = TableParts.of(session, tables, 16);

            List<TablePart> ofA = of(parts, "a");
            assertThat(ofA).hasSizeBetween(5, 7);
            assertThat(ofA.getLast().endPage()).isEmpty();
            assertThat(ofA.stream().mapToLong(TablePart::estimatedRows).sum())
                    .isBetween(4900L, 5100L);
            assertThat(ofA.getFirst().estimatedBytes()).isEqualTo(16 * 8192);
            assertThat(copied(session, ofA))
                    .containsExactlyInAnyOrderElementsOf(
                            Sources.ask(session, "SELECT * FROM ONLY public.a"))
                    .hasSize(5000);
            assertThat(copied(session, of(parts, "child"))).containsExactly("-1|x|1");
            assertThat(copied(session, of(parts, "empty"))).containsExactly("", "", "");
            assertThat(of(parts, "unlogged")).isEmpty();
        }
    }

    private static List<TablePart> of(List<TablePart> parts, String table) {
        return parts.stream().filter(part -> part.table().name().equals(table)).toList();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aTableThatChangedAfterTheSnapshotIsRefused(Version version) throws SQLException {
        for (String change :
                List.of(
                        "TRUNCATE a",
                        "ALTER TABLE a ALTER v TYPE int USING 1",
                        "ALTER TABLE a DROP COLUMN v, ADD COLUMN v text DEFAULT 'other'")) {
            Database source =
                    source(
                            version,
                            "CREATE TABLE a (id int PRIMARY KEY, v text)",
                            "INSERT INTO a VALUES (1, 'x')");
            try (SourceSnapshot snapshot = snapshot(source);
                    Connection session = snapshot.session()) {
                List<Table> tables = CatalogReader.read(session).tables();
                Sources.execute(source, change);

                assertThatThrownBy(() -> TableParts.of(session, tables))
                        .as(change)
                        .hasMessage(
                                "table public.a was truncated, rewritten or replaced since the snapshot was taken");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void oneTableTooManyToLockIsRefusedWhenItIsReadAndWasChanged(Version version)
            throws SQLException, IOException {
        Database source =
                source(
                        version,
                        "CREATE TABLE large AS SELECT i FROM generate_series(1, 1000) i",
                        "CREATE TABLE small AS SELECT 1 AS i",
                        "CREATE TABLE changed AS SELECT 1 AS i");
        try (SourceSnapshot snapshot = snapshot(source);
                Connection session = snapshot.session();
                Connection reader = snapshot.session()) {
            List<Table> tables = CatalogReader.read(session).tables();
            List<TablePart> parts = TableParts.of(session, tables, 16, 1);
            Sources.execute(source, "TRUNCATE changed");

            assertThat(parts.stream().filter(TablePart::isKept).map(part -> part.table().name()))
                    .containsExactly("large");
            assertThatThrownBy(
                            () ->
                                    Sources.execute(
                                            source, "SET lock_timeout = '10ms'", "TRUNCATE large"))
                    .hasMessageContaining("lock timeout");
            assertThat(copied(reader, of(parts, "small"))).containsExactly("1");
            assertThatThrownBy(() -> copied(reader, of(parts, "changed")))
                    .hasMessage(
                            "table public.changed was truncated, rewritten or replaced since the snapshot was taken");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aSinkThatFailsEndsTheCopyOnTheServerToo(Version version) throws SQLException {
        Database source =
                source(version, "CREATE TABLE a AS SELECT * FROM generate_series(1, 100000)");
        try (SourceSnapshot snapshot = snapshot(source);
                Connection session = snapshot.session()) {
            TablePart part =
                    TableParts.of(session, CatalogReader.read(session).tables()).getFirst();

            assertThatThrownBy(
                            () ->
                                    TableCopy.copy(
                                            session,
                                            part,
                                            row -> {
                                                throw new IOException("disk full");
                                            }))
                    .hasMessage("disk full");

            session.close();
            Sources.execute(source, "SET lock_timeout = '10s'", "DROP TABLE a");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aSnapshotKnowsItsSlotsPositionAndServer(Version version) throws SQLException {
        Database source = source(version, "CREATE TABLE a (id int PRIMARY KEY)");
        SourceNames names = SourceNames.of(source.url().database());
        try (SourceSnapshot snapshot = SourceSnapshot.create(source, names)) {
            String slot =
                    "SELECT confirmed_flush_lsn, plugin, temporary FROM pg_replication_slots WHERE slot_name = '"
                            + names.slot()
                            + "'";
            assertThat(Sources.ask(source, slot))
                    .containsExactly(snapshot.position() + "|pgoutput|f");
            SourceFacts facts = SourceFacts.read(source);
            assertThat(snapshot.systemId()).isEqualTo(facts.systemId());
            assertThat(snapshot.timeline()).isEqualTo(facts.timeline()).isEqualTo(1);
            assertThat(facts.version()).startsWith(String.valueOf(version.release().version()));
            assertThat(snapshot.position()).isGreaterThan(Position.ZERO);

            var error =
                    catchThrowableOfType(
                            TidemarkException.class, () -> SourceSnapshot.create(source, names));
            assertThat(error)
                    .hasMessage(
                            "replication slot %s exists in the %s".formatted(names.slot(), source));
        }
        SlotRemoval.dropSlot(source, names.slot());
        SlotRemoval.dropSlot(source, names.slot());
        assertThat(Sources.ask(source, "SELECT slot_name FROM pg_replication_slots")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aSlotInUseIsNotDroppedAndItsUserNamed(Version version) throws SQLException {
        Database source = source(version);
        String slot = "copy_" + source.url().database();
        try (SourceSnapshot snapshot = snapshot(source)) {
            String pid =
                    Sources.ask(
                                    source,
                                    "SELECT active_pid FROM pg_replication_slots WHERE slot_name = '"
                                            + slot
                                            + "'")
                            .getFirst();

            var error =
                    catchThrowableOfType(
                            TidemarkException.class, () -> SlotRemoval.dropSlot(source, slot));

            assertThat(snapshot.snapshot()).isNotEmpty();
            assertThat(error)
                    .hasMessage(
                            "slot %s of the %s is in use by process %s (application 'tidemark' of role postgres)"
                                    .formatted(slot, source, pid));
        }
    }
}
