package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.tidemark.replay.drill.Detail;
import dev.tidemark.replay.drill.RowSearch;
import dev.tidemark.replay.drill.TableDifference;
import dev.tidemark.replay.drill.TableDifference.Field;
import dev.tidemark.replay.drill.TableDifference.Kind;
import dev.tidemark.replay.drill.TableDifference.Row;
import dev.tidemark.replay.drill.TableDifference.Values;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.replay.load.RowsTally;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two databases with planted differences: each is found, and named for what it is. */
@ExtendWith(RestoreServer.Shared.class)
final class RowSearchIT {
    private static final int ROWS = 50_000;

    private static final List<String> TABLES =
            List.of(
                    """
                    CREATE TABLE public.deal (
                        region text, "odd "" id" int, note text, amount numeric(20,2), is_won boolean, fixed char(5),
                        doubled numeric GENERATED ALWAYS AS (amount * 2) STORED, PRIMARY KEY (region, "odd "" id"))""",
                    """
                    INSERT INTO public.deal (region, "odd "" id", note, amount, is_won, fixed)
                    SELECT 'r' || i % 7, i, 'note ' || i, i / 3.0, i % 2 = 0, 'f' FROM generate_series(1, 50000) i""",
                    "CREATE TABLE public.bag (a int, b text)",
                    "INSERT INTO public.bag SELECT i % 500, nullif('b' || i % 3, 'b0') FROM generate_series(1, 50000) i",
                    "CREATE TABLE public.empty ()",
                    "INSERT INTO public.empty SELECT FROM generate_series(1, 5)");

    private final RestoreServer server;

    RowSearchIT(RestoreServer server) {
        this.server = server;
    }

    private Database planted(String... changes) throws SQLException {
        Database database = server.newDatabase();
        RestoreServer.run(database, TABLES);
        RestoreServer.run(database, List.of(changes));
        return database;
    }

    private static TableDifference find(
            Database source, Database restored, String table, Detail detail, int rowsMax)
            throws SQLException {
        try (Connection there = source.connect();
                Connection here = restored.connect()) {
            return new RowSearch(there, here, detail, rowsMax)
                    .find(RestoreServer.table(source, table));
        }
    }

    @Test
    void equalTablesDifferInNoRow() throws SQLException {
        Database source = planted();
        Database restored = planted();

        for (String table : List.of("deal", "bag", "empty")) {
            assertThat(find(source, restored, table, Detail.VALUES, 10))
                    .isEqualTo(new TableDifference("public." + table, List.of(), true));
        }
    }

    @Test
    void everyPlantedRowOfATableWithAKeyIsNamedWithItsColumns() throws SQLException {
        Database source = planted("UPDATE public.deal SET note = NULL WHERE \"odd \"\" id\" = 8");
        Database restored =
                planted(
                        "UPDATE public.deal SET note = '' WHERE \"odd \"\" id\" = 8",
                        "UPDATE public.deal SET amount = 0.01, fixed = 'g' WHERE \"odd \"\" id\" = 40000",
                        "DELETE FROM public.deal WHERE \"odd \"\" id\" = 17",
                        "INSERT INTO public.deal (region, \"odd \"\" id\") VALUES ('new', 50001)");

        TableDifference shown = find(source, restored, "deal", Detail.VALUES, 10);
        TableDifference secret = find(source, restored, "deal", Detail.KEYS, 10);

        assertThat(shown.isAll()).isTrue();
        assertThat(shown.rows())
                .containsExactlyInAnyOrder(
                        new Row(
                                "region=r1, odd \" id=8",
                                Kind.CHANGED,
                                1,
                                1,
                                List.of(field("note", null, ""))),
                        new Row(
                                "region=r2, odd \" id=40000",
                                Kind.CHANGED,
                                1,
                                1,
                                List.of(
                                        field("amount", "13333.33", "0.01"),
                                        field("fixed", "f    ", "g    "))),
                        new Row(
                                "region=r3, odd \" id=17",
                                Kind.MISSING,
                                1,
                                0,
                                List.of(
                                        field("region", "r3", null),
                                        field("odd \" id", "17", null),
                                        field("note", "note 17", null),
                                        field("amount", "5.67", null),
                                        field("is_won", "f", null),
                                        field("fixed", "f    ", null))),
                        new Row(
                                "region=new, odd \" id=50001",
                                Kind.ADDITIONAL,
                                0,
                                1,
                                List.of(
                                        field("region", null, "new"),
                                        field("odd \" id", null, "50001"),
                                        field("note", null, null),
                                        field("amount", null, null),
                                        field("is_won", null, null),
                                        field("fixed", null, null))));
        assertThat(secret.rows())
                .extracting(Row::kind)
                .containsExactlyInAnyOrder(
                        Kind.CHANGED, Kind.CHANGED, Kind.MISSING, Kind.ADDITIONAL);
        assertThat(secret.rows())
                .flatExtracting(Row::columns)
                .containsExactlyInAnyOrder(
                        new Field("note", Optional.empty()),
                        new Field("amount", Optional.empty()),
                        new Field("fixed", Optional.empty()));
    }

    private static Field field(String column, @Nullable String source, @Nullable String restored) {
        return new Field(
                column,
                Optional.of(
                        new Values(Optional.ofNullable(source), Optional.ofNullable(restored))));
    }

    @Test
    void rowsWithoutAKeyAreCounted() throws SQLException {
        Database source = planted("INSERT INTO public.bag VALUES (1, NULL), (1, NULL)");
        Database restored =
                planted(
                        "INSERT INTO public.bag VALUES (1, NULL), (1, '')",
                        "DELETE FROM public.empty WHERE ctid = '(0,1)'");

        TableDifference bag = find(source, restored, "bag", Detail.VALUES, 10);
        TableDifference empty = find(source, restored, "empty", Detail.KEYS, 10);

        assertThat(bag.isAll()).isTrue();
        assertThat(bag.rows())
                .extracting(Row::kind, Row::source, Row::restored)
                .containsExactlyInAnyOrder(
                        tuple(Kind.COUNTED, 35L, 34L), tuple(Kind.ADDITIONAL, 0L, 1L));
        assertThat(bag.rows())
                .filteredOn(row -> row.kind() == Kind.COUNTED)
                .flatExtracting(Row::columns)
                .containsExactly(field("the row", "(1,)", "(1,)"));
        assertThat(empty.rows())
                .extracting(Row::kind, Row::source, Row::restored)
                .containsExactly(tuple(Kind.COUNTED, 5L, 4L));
    }

    @Test
    void oneRowOfManyTakesFewQueriesAndManyThatDifferAreCutOff() throws SQLException {
        Database source = planted();
        Database restored =
                planted("UPDATE public.deal SET amount = 0 WHERE \"odd \"\" id\" = 4711");
        Database spoilt = planted("UPDATE public.deal SET amount = -1");
        AtomicInteger queries = new AtomicInteger();

        TableDifference one;
        try (Connection there = source.connect();
                Connection here = restored.connect()) {
            one =
                    new RowSearch(counting(there, queries), counting(here, queries), Detail.KEYS, 5)
                            .find(RestoreServer.table(source, "deal"));
        }
        TableDifference many = find(source, spoilt, "deal", Detail.KEYS, 5);

        assertThat(one.rows()).extracting(Row::key).containsExactly("region=r0, odd \" id=4711");
        assertThat(queries).as("for %d rows", ROWS).hasValueLessThanOrEqualTo(4);
        assertThat(many.rows()).hasSize(5);
        assertThat(many.isAll()).isFalse();
    }

    /** Counts the statements that are made. */
    private static Connection counting(Connection connection, AtomicInteger queries) {
        return (Connection)
                Proxy.newProxyInstance(
                        RowSearchIT.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("createStatement")) {
                                queries.incrementAndGet();
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    @Test
    void aTallyOfValuesIsTheChecksumOfTheTable() throws Exception {
        Database database = planted("DELETE FROM public.bag WHERE a > 3");
        Table table = RestoreServer.table(database, "bag");
        RowsTally tally = new RowsTally();
        RowsTally rest = new RowsTally();

        RowsChecksum expected;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT a::text, b FROM public.bag")) {
            for (int n = 0; row.next(); n++) {
                (n % 2 == 0 ? tally : rest)
                        .row(List.of(value(row.getString(1)), value(row.getString(2))));
            }
            expected = RowsChecksum.ofTable(connection, table);
        }

        assertThat(tally.checksum().plus(rest.checksum())).isEqualTo(expected);
    }

    private static Value value(@Nullable String text) {
        return text == null
                ? Value.Mark.NULL
                : new Value.Text(text.getBytes(StandardCharsets.UTF_8));
    }
}
