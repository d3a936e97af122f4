package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.parquet.BaseWriter;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk of a server on this machine is found, and what rows take there is not overrated. */
final class TargetRoomIT {
    private static final long MIB = 1L << 20;

    @TempDir private static Path directory;

    private static PostgresServer server;
    private static Path data;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.start(directory, PostgresBinaries.onClassPath(), Map.of());
        data = Path.of(ask(database("postgres"), "SHOW data_directory"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Database database(String name) {
        return new Database(
                Database.Role.TARGET,
                DatabaseUrl.parse(
                        "postgresql://%s@127.0.0.1:%d/%s"
                                .formatted(server.superuser(), server.port(), name)),
                Optional.empty());
    }

    private static void run(Database database, String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    private static String ask(Database database, String query) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static TidemarkException refusal(Database target, Place place) {
        TargetRoom room = new TargetRoom(folder -> MIB);
        return catchThrowableOfType(
                TidemarkException.class,
                () -> room.look(new RoomNeed(9_000 * MIB, 9_000 * MIB), target, place));
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"DROPPED", "BESIDE"})
    void aDatabaseThatIsNotThereYetIsLookedForOnItsServer(Place place) {
        assertThat(refusal(database("missing"), place))
                .hasMessage(
                        "the restore takes 8.8 GiB at least, about 8.8 GiB by a guess, and %s has room for 1.0 MiB"
                                .formatted(data.resolve("base")));
    }

    @Test
    void whatIsDroppedBeforeLeavesItsRoomAndWhatStaysDoesNot() throws Exception {
        run(database("postgres"), "CREATE DATABASE there");
        long bytes = Long.parseLong(ask(database("there"), "SELECT pg_database_size('there')"));
        RoomNeed need = new RoomNeed(bytes, bytes);
        TargetRoom full = new TargetRoom(folder -> 0);

        assertThat(full.look(need, database("there"), Place.DROPPED)).isEmpty();
        for (Place place : List.of(Place.AS_IT_IS, Place.BESIDE)) {
            assertThat(
                            catchThrowableOfType(
                                    TidemarkException.class,
                                    () -> full.look(need, database("there"), place)))
                    .hasMessageEndingWith("%s has room for 0 B", data.resolve("base"));
        }
    }

    @Test
    void aDatabaseOfATablespaceIsLookedForThere() throws Exception {
        run(
                database("postgres"),
                "SET allow_in_place_tablespaces = true",
                "CREATE TABLESPACE fast LOCATION ''",
                "CREATE DATABASE elsewhere TABLESPACE fast");
        String place =
                ask(
                        database("postgres"),
                        "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'fast'");

        assertThat(refusal(database("elsewhere"), Place.AS_IT_IS))
                .hasMessageEndingWith("and %s has room for 1.0 MiB", data.resolve(place));
    }

    @Test
    void whoMayNotAskWhereTheServerIsIsNotRefused() throws Exception {
        run(database("postgres"), "CREATE ROLE guest LOGIN");
        Database asGuest =
                new Database(
                        Database.Role.TARGET,
                        DatabaseUrl.parse(
                                "postgresql://guest@127.0.0.1:%d/postgres"
                                        .formatted(server.port())),
                        Optional.empty());

        assertThat(
                        new TargetRoom(folder -> 0)
                                .look(new RoomNeed(MIB, MIB), asGuest, Place.AS_IT_IS))
                .isEmpty();
    }

    /** Rows of which the archive can save least beside the server: random, and of many columns. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(random() * 2147483647)::int",
                "((random() - 0.5) * 9223372036854775807 * 2)::bigint",
                "gen_random_uuid()",
                "(random() * 30000)::smallint",
                "random()",
                "random()::real",
                "random() < 0.5",
                "decode(md5(random()::text), 'hex')",
                "md5(random()::text)",
                "(random() * 1e12)::numeric(20,6)",
                "clock_timestamp() + random() * interval '1 year'"
            })
    void theLeastIsNeverMoreThanTheServerTakes(String value) throws Exception {
        String columns =
                IntStream.rangeClosed(1, 20)
                        .mapToObj(column -> value + " AS c" + column)
                        .collect(Collectors.joining(", "));
        Database target = database("postgres");
        run(
                target,
                "DROP TABLE IF EXISTS public.dense",
                "CREATE TABLE public.dense AS SELECT %s FROM generate_series(1, 2000)"
                        .formatted(columns));
        long taken = Long.parseLong(ask(target, "SELECT pg_table_size('public.dense')"));

        long archived = archivedBytes(target);

        assertThat(WrittenAs.DATABASE.least(archived, 2000)).isLessThanOrEqualTo(taken);
    }

    private static long archivedBytes(Database target) throws SQLException, IOException {
        Path file = directory.resolve("dense.parquet");
        Files.deleteIfExists(file);
        try (Connection connection = target.connect()) {
            connection.setAutoCommit(false);
            Table table =
                    CatalogReader.read(connection).tables().stream()
                            .filter(one -> one.name().equals("dense"))
                            .findFirst()
                            .orElseThrow();
            BaseWriter writer = BaseWriter.create(file, table);
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM public.dense")) {
                while (rows.next()) {
                    List<Value> row = new ArrayList<>();
                    for (int i = 1; i <= table.stored().size(); i++) {
                        row.add(Value.text(rows.getString(i)));
                    }
                    writer.add(row);
                }
            }
            connection.rollback();
            return Files.size(writer.close());
        }
    }
}
