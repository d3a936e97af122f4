package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.postgresql.PGConnection;

/**
 * All that rows of a database may live through, from several sessions: large values that updates
 * leave as they are, keys that change, equal rows without a key, numbers of a sequence, COPY,
 * savepoints that are rolled back, transactions that are long beside others that are short,
 * TRUNCATE, new columns and tables.
 */
final class RestlessLoad {
    private static final int IDS = 400; // few, so that sessions meet
    private static final int COPIED_MAX = 3_000;
    private static final int STEPS_MAX = 6;
    private static final Duration BETWEEN_STEPS_MAX = Duration.ofMillis(400);

    /** Neither TRUNCATE nor old snapshots and new columns go together: truths are read between. */
    private final ReentrantReadWriteLock structure = new ReentrantReadWriteLock(true);

    private final AtomicInteger structures = new AtomicInteger();

    static RestlessLoad create(Deployment tidemark) throws SQLException {
        tidemark.execute(
                "crm",
                """
                CREATE TABLE public.item (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, body text);
                ALTER TABLE public.item ALTER body SET STORAGE EXTERNAL;
                CREATE TABLE public.moved (id int PRIMARY KEY, label text, UNIQUE (label));
                CREATE TABLE public.keyless (a int, b text);
                CREATE SEQUENCE public.numbers;
                CREATE TABLE public.numbered (n bigint PRIMARY KEY);
                CREATE TABLE public.bulk (batch int, part int, v text, PRIMARY KEY (batch, part));
                INSERT INTO public.item SELECT i, 0, repeat(md5(i::text), 100) FROM generate_series(1, 200) i;
                INSERT INTO public.moved SELECT i, 'l' || i FROM generate_series(1, 200) i;
                INSERT INTO public.keyless SELECT i % 5, 'equal' FROM generate_series(1, 50) i;
                """);
        return new RestlessLoad();
    }

    /** A session that changes rows. */
    void changeRows(Clients clients, String name, Random random, Duration pauseMax) {
        clients.start(name, random, pauseMax, connection -> rows(connection, random));
    }

    /** A session that changes what tables there are, what columns they have, or empties one. */
    void changeStructure(Clients clients, String name, Random random, Duration pauseMax) {
        clients.start(
                name,
                random,
                pauseMax,
                connection -> {
                    structure.readLock().lock();
                    try {
                        structure(connection, random);
                    } finally {
                        structure.readLock().unlock();
                    }
                });
    }

    /** What hands out numbers next must not hand out one again that a row has. */
    static void assertNumbersAreUsedUp(Deployment tidemark, String database) throws SQLException {
        assertThat(
                        tidemark.ask(
                                database,
                                "SELECT s.last_value >= coalesce(max(r.n), 0) FROM public.numbers s"
                                        + " LEFT JOIN public.numbered r ON true GROUP BY s.last_value"))
                .as("the sequence of %s is not behind its rows", database)
                .isEqualTo("t");
    }

    /** What the source holds; meanwhile rows change, and structure does not. */
    Truth truth(Deployment tidemark) throws SQLException {
        structure.writeLock().lock();
        try {
            return tidemark.truth();
        } finally {
            structure.writeLock().unlock();
        }
    }

    private static void rows(Connection connection, Random random) throws SQLException {
        boolean isLong = random.nextInt(5) == 0;
        int steps = 1 + random.nextInt(STEPS_MAX);
        for (int i = 0; i < steps; i++) {
            if (random.nextInt(6) == 0) {
                Savepoint before = connection.setSavepoint();
                step(connection, random);
                connection.rollback(before);
            } else {
                step(connection, random);
            }
            if (isLong) {
                Clients.pause(random, BETWEEN_STEPS_MAX);
            }
        }
        if (random.nextInt(15) == 0) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private static void step(Connection connection, Random random) throws SQLException {
        int id = random.nextInt(IDS) + 1;
        switch (random.nextInt(12)) {
            case 0, 1 ->
                    execute(
                            connection,
                            "INSERT INTO public.item VALUES (%d, 1, %s) ON CONFLICT (id) DO UPDATE SET body = excluded.body"
                                    .formatted(id, large(random)));
            case 2, 3 -> // leaves the large value as it is
                    execute(connection, "UPDATE public.item SET n = n + 1 WHERE id = " + id);
            case 4 -> execute(connection, "DELETE FROM public.item WHERE id = " + id);
            case 5 ->
                    execute(
                            connection,
                            "INSERT INTO public.moved VALUES (%d, 'l%d') ON CONFLICT DO NOTHING"
                                    .formatted(id, id));
            case 6 -> execute(connection, otherKey(random, id));
            case 7, 8 ->
                    execute(
                            connection,
                            "INSERT INTO public.keyless SELECT %d, 'equal' FROM generate_series(1, 3)"
                                    .formatted(id % 5));
            case 9 ->
                    execute(
                            connection,
                            "DELETE FROM public.keyless WHERE ctid = (SELECT min(ctid) FROM public.keyless)");
            case 10 -> // from a sequence that belongs to no column
                    execute(
                            connection,
                            "INSERT INTO public.numbered SELECT nextval('public.numbers') FROM generate_series(1, 5)");
            default -> copy(connection, random);
        }
    }

    private static String large(Random random) {
        return "repeat(md5('%d'), %d)".formatted(random.nextInt(), random.nextInt(250));
    }

    private static String otherKey(Random random, int id) {
        return "UPDATE public.moved SET id = %d WHERE id = %d"
                .formatted(random.nextInt(IDS) + 1, id);
    }

    /** Rows of one COPY share their positions in the source's log. */
    private static void copy(Connection connection, Random random) throws SQLException {
        int batch = random.nextInt(Integer.MAX_VALUE);
        int count = 1 + random.nextInt(COPIED_MAX);
        StringBuilder lines = new StringBuilder();
        for (int part = 0; part < count; part++) {
            lines.append(batch).append('\t').append(part).append("\tcopied\n");
        }
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY public.bulk FROM STDIN", new StringReader(lines.toString()));
        } catch (IOException e) {
            throw new SQLException("the connection was lost in a COPY", "08006", e);
        }
    }

    private void structure(Connection connection, Random random) throws SQLException {
        execute(connection, "SET LOCAL lock_timeout = '3s'"); // sessions behind it wait as long
        int number = structures.incrementAndGet();
        switch (random.nextInt(6)) {
            case 0 -> {
                execute(connection, "TRUNCATE public.bulk");
                execute(connection, "INSERT INTO public.bulk VALUES (0, 0, 'after')");
            }
            case 1 -> execute(connection, "TRUNCATE public.keyless, public.bulk");
            case 2 ->
                    execute(
                            connection,
                            "CREATE TABLE public.extra_%1$d AS SELECT i AS id FROM generate_series(1, %1$d) i"
                                    .formatted(number));
            case 3 -> execute(connection, "ALTER TABLE public.item DROP COLUMN IF EXISTS added");
            case 4 ->
                    execute(
                            connection,
                            "ALTER SEQUENCE public.numbers INCREMENT BY " + (number % 9 + 1));
            default -> {
                execute(
                        connection,
                        "ALTER TABLE public.item ADD COLUMN IF NOT EXISTS added int DEFAULT "
                                + number);
                execute(connection, "UPDATE public.item SET added = -1 WHERE id % 7 = 0");
            }
        }
        connection.commit();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
