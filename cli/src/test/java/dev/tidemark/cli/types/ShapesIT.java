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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of every shape, before the source is prepared and made afterwards. */
final class ShapesIT {
    /** As many columns as a table can have. */
    private static final int COLUMNS_MAX = 1_600;

    @TempDir private Path directory;

    static List<Release> releases() {
        return Release.underTest();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void tablesOfEveryShapeComeBack(Release release) throws Exception {
        try (Servers servers = Servers.start(directory, release.binaries());
                Site site = Site.create(servers, "shapes")) {
            Database source = site.source();
            for (String schema : List.of("old", "new")) {
                if (schema.equals("new")) {
                    site.protect();
                }
                run(source, "CREATE SCHEMA " + schema);
                run(source, create(release, schema).toArray(String[]::new));
                run(source, rows(schema).toArray(String[]::new));
            }
            for (String schema : List.of("old", "new")) {
                for (String change : changes(schema)) {
                    run(source, change);
                }
            }
            Set<String> kinds = new TreeSet<>(CatalogOracle.kinds());
            kinds.remove("identity"); // which init sets
            Truth truth = Truth.read(source, kinds);
            servers.execute("shapes", "SELECT tidemark.heartbeat()");
            site.awaitArchived(truth.position());
            site.stop();

            Database restored = site.restore(truth.position(), 1);

            assertThat(truth.image().rows().toString()).contains("swapped");
            assertThat(Difference.between(truth.image(), TypeHistory.image(restored, kinds)))
                    .isEmpty();
        }
    }

    /** One transaction for all of them. */
    private static void run(Database database, String... statements) throws Exception {
        TypeHistory.run(database, List.of(statements));
    }

    private static List<String> create(Release release, String schema) {
        List<String> statements = new ArrayList<>();
        statements.add("SET LOCAL search_path = " + schema);
        statements.addAll(
                List.of(
                        "CREATE TABLE swaps (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text)",
                        "CREATE TABLE swaps_unique (id int NOT NULL, v text, UNIQUE (id) DEFERRABLE)",
                        "CREATE TABLE by_index (a int NOT NULL, b text NOT NULL, v text, w text)",
                        "CREATE UNIQUE INDEX by_index_ab ON by_index (b, a)",
                        "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_ab",
                        "CREATE TABLE by_full (id int PRIMARY KEY, v text, w int)",
                        "ALTER TABLE by_full REPLICA IDENTITY FULL",
                        "CREATE TABLE by_nothing (id int, v text)",
                        "ALTER TABLE by_nothing REPLICA IDENTITY NOTHING",
                        "CREATE TABLE no_key (a int, b text)",
                        "CREATE TABLE no_columns ()",
                        "CREATE TABLE \""
                                + "ñ".repeat(31)
                                + "x\" (\""
                                + "k".repeat(63)
                                + "\" int PRIMARY KEY, \"'; DROP\" text)",
                        "CREATE TABLE \"We\"\"ird. T/a\\b%s\n\t\" (\"\"\"\" int PRIMARY KEY, \" \" text, \"select\" text, \"(a)\" int)",
                        "CREATE TABLE cases (id int PRIMARY KEY, name text, \"Name\" text, \"NAME\" text)",
                        "CREATE TABLE \"Cases\" (id int PRIMARY KEY, v text)",
                        "CREATE TABLE spatial_ref_sys (id int PRIMARY KEY, v text)",
                        "CREATE TABLE wide (id int PRIMARY KEY, "
                                + IntStream.range(1, COLUMNS_MAX)
                                        .mapToObj(i -> "c" + i + " int")
                                        .collect(Collectors.joining(", "))
                                + ")",
                        "CREATE TABLE tree (id int, at int NOT NULL, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                        "CREATE TABLE tree_1 PARTITION OF tree FOR VALUES FROM (0) TO (10)",
                        "CREATE TABLE tree_2 PARTITION OF tree FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id)",
                        "CREATE TABLE tree_2_any PARTITION OF tree_2 DEFAULT",
                        "CREATE TABLE joining (v text, at int NOT NULL, gone int, id int NOT NULL)",
                        "ALTER TABLE joining DROP gone",
                        "CREATE TABLE parent (id int PRIMARY KEY, v text)",
                        "CREATE TABLE child (more int) INHERITS (parent)",
                        "CREATE TABLE grandchild (PRIMARY KEY (id)) INHERITS (child)",
                        "CREATE UNLOGGED TABLE scratch (id int PRIMARY KEY, v text)",
                        "CREATE TABLE generated (id int PRIMARY KEY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED)",
                        "CREATE TABLE generated_first (g text GENERATED ALWAYS AS (upper(v)) STORED, v text, id int PRIMARY KEY)",
                        "CREATE TABLE identities (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, j int"
                                + " GENERATED BY DEFAULT AS IDENTITY (START -5 INCREMENT -3), s serial, v text)",
                        "CREATE TABLE \"values\" (\"table\" text COLLATE \"C\" PRIMARY KEY, v varchar(3) DEFAULT 'x')"));
        if (release.version() >= 18) {
            statements.add(
                    "CREATE TABLE virtual (id int PRIMARY KEY, a int, half int GENERATED ALWAYS AS (a / 2) VIRTUAL)");
        }
        return statements;
    }

    private static List<String> rows(String schema) {
        return List.of(
                "SET LOCAL search_path = " + schema,
                "INSERT INTO swaps VALUES (1, 'one'), (2, 'two'), (3, 'three')",
                "INSERT INTO swaps_unique VALUES (1, 'one'), (2, 'two'), (3, 'three')",
                "INSERT INTO by_index SELECT i, 'b' || i, repeat('v', i), 'w' FROM generate_series(1, 5) i",
                "INSERT INTO by_full SELECT i, repeat('v', i), i FROM generate_series(1, 5) i",
                "INSERT INTO by_nothing VALUES (1, 'a'), (1, 'a')",
                "INSERT INTO no_key VALUES (1, 'a'), (1, 'a'), (1, 'a'), (NULL, NULL), (NULL, NULL), (2, '')",
                "INSERT INTO no_columns DEFAULT VALUES",
                "INSERT INTO no_columns DEFAULT VALUES",
                "INSERT INTO no_columns DEFAULT VALUES",
                "INSERT INTO \"" + "ñ".repeat(31) + "x\" VALUES (1, 'a'), (2, 'b'), (3, 'c')",
                "INSERT INTO \"We\"\"ird. T/a\\b%s\n\t\" VALUES (1, 'a', 'b', 3), (2, 'a', 'b', 3), (3, NULL, '', NULL)",
                "INSERT INTO cases VALUES (1, 'n', 'N', 'NN'), (2, 'n', 'N', 'NN')",
                "INSERT INTO \"Cases\" VALUES (1, 'a'), (2, 'b')",
                "INSERT INTO spatial_ref_sys VALUES (1, 'a'), (2, 'b')",
                "INSERT INTO wide (id, c1, c1599) VALUES (1, 1, 1599), (2, 2, 2), (3, NULL, NULL)",
                "INSERT INTO tree SELECT i, i, 'v' || i FROM generate_series(0, 19) i",
                "INSERT INTO joining (id, at, v) VALUES (31, 31, 'joins'), (32, 32, 'joins too')",
                "INSERT INTO parent VALUES (1, 'p'), (2, 'p')",
                "INSERT INTO child VALUES (1, 'c', 5), (2, 'c', 6)",
                "INSERT INTO grandchild VALUES (1, 'g', 7), (2, 'g', 8)",
                "INSERT INTO scratch VALUES (1, 'a')",
                "INSERT INTO generated (id, a) VALUES (1, 10), (2, 20), (3, NULL)",
                "INSERT INTO generated_first (id, v) VALUES (1, 'a'), (2, 'b')",
                "INSERT INTO identities (v) VALUES ('a'), ('b'), ('c')",
                "INSERT INTO \"values\" VALUES ('a', 'b'), ('A', 'b'), ('', NULL)");
    }

    /** Each is a transaction of its own. */
    private static List<String> changes(String schema) {
        String path = "SET LOCAL search_path = " + schema + "; ";
        return List.of(
                        "UPDATE swaps SET id = 3 - id, v = v || ' swapped' WHERE id < 3",
                        "UPDATE swaps SET id = -id; UPDATE swaps SET id = 4 + id; DELETE FROM swaps WHERE v = 'three'",
                        "UPDATE swaps_unique SET id = 4 - id, v = v || ' swapped'; DELETE FROM swaps_unique WHERE id = 2",
                        "UPDATE by_index SET v = 'set' WHERE a = 1; UPDATE by_index SET a = 10 WHERE a = 2; DELETE FROM by_index WHERE a = 3",
                        "UPDATE by_index SET b = 'x' || b, w = NULL WHERE a > 3",
                        "UPDATE by_full SET v = 'set' WHERE id = 1; UPDATE by_full SET id = 10 WHERE id = 2; DELETE FROM by_full WHERE id = 3",
                        "INSERT INTO by_nothing VALUES (2, 'b')",
                        "UPDATE no_key SET b = 'b' WHERE ctid = (SELECT min(ctid) FROM no_key WHERE a = 1)",
                        "DELETE FROM no_key WHERE ctid IN (SELECT min(ctid) FROM no_key WHERE b = 'a' OR b IS NULL GROUP BY b)",
                        "DELETE FROM no_columns WHERE ctid = (SELECT min(ctid) FROM no_columns)",
                        "UPDATE \""
                                + "ñ".repeat(31)
                                + "x\" SET \"'; DROP\" = 'set' WHERE \""
                                + "k".repeat(63)
                                + "\" = 1",
                        "UPDATE \"We\"\"ird. T/a\\b%s\n\t\" SET \"\"\"\" = 10, \" \" = 'x' WHERE \"\"\"\" = 1",
                        "UPDATE cases SET \"Name\" = 'only this' WHERE id = 1; UPDATE cases SET \"NAME\" = name, id = 3 WHERE id = 2",
                        "UPDATE \"Cases\" SET v = 'set' WHERE id = 1",
                        "UPDATE spatial_ref_sys SET v = 'set' WHERE id = 1",
                        "UPDATE wide SET c800 = 800 WHERE id = 1; DELETE FROM wide WHERE id = 2; UPDATE wide SET id = 4 WHERE id = 3",
                        "UPDATE tree SET at = at + 10 WHERE at IN (3, 4); UPDATE tree SET v = 'set' WHERE id = 5; DELETE FROM tree WHERE id = 6",
                        "UPDATE tree SET at = at - 10 WHERE at IN (15, 16)",
                        "ALTER TABLE tree ATTACH PARTITION joining FOR VALUES FROM (30) TO (40)",
                        "UPDATE tree SET at = 33, v = 'moved' WHERE id = 7; INSERT INTO tree VALUES (34, 34, 'new')",
                        "UPDATE tree SET at = 1 WHERE at = 32",
                        "ALTER TABLE tree DETACH PARTITION tree_1",
                        "UPDATE tree_1 SET v = 'alone' WHERE id = 5; INSERT INTO tree_1 VALUES (100, 5, 'alone too')",
                        "UPDATE parent SET v = v || '!' WHERE id = 1; DELETE FROM ONLY parent WHERE id = 2; UPDATE child SET more = 0 WHERE id = 2",
                        "INSERT INTO scratch VALUES (2, 'b')",
                        "UPDATE generated SET a = 11 WHERE id = 1; UPDATE generated SET id = 4 WHERE id = 2; DELETE FROM generated WHERE id = 3",
                        "UPDATE generated_first SET v = 'ß' WHERE id = 1; DELETE FROM generated_first WHERE id = 2",
                        "INSERT INTO identities (id, v) OVERRIDING SYSTEM VALUE VALUES (100, 'd'); UPDATE identities SET v = 'e' WHERE id = 1",
                        "UPDATE \"values\" SET \"table\" = \"table\" || 'z'")
                .stream()
                .map(change -> path + change)
                .toList();
    }
}
