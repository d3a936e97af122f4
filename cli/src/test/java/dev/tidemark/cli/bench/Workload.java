package dev.tidemark.cli.bench;

import dev.tidemark.schemas.change.Position;
import java.sql.SQLException;

/**
 * What happens in the source, the same in every run: the random numbers come from a seed, inside
 * the server, since a client would be the slowest part. For one thread.
 *
 * @param transactions small ones, of four changes each, as pgbench makes them
 * @param rows inserted by the bulk transactions
 * @param largeRows inserted by the one large transaction
 */
record Workload(Site site, int transactions, int rows, int largeRows) {
    private static final int ROWS_PER_TRANSACTION = 2_000;

    /** Tables, and the rows that the first base holds. */
    void fill() throws SQLException {
        pgbench().fill();
        site.execute(
                """
                CREATE TABLE contacts(id bigint PRIMARY KEY, account int, first_name text, last_name text,
                    email text, phone text, city text, balance numeric(12,2), created timestamptz, note text)
                """,
                "CREATE TABLE large(id bigint PRIMARY KEY, account int, balance numeric(12,2), note text)");
    }

    private Pgbench pgbench() {
        return new Pgbench(site, 1);
    }

    /** pgbench's transaction, again and again: three updates and a row into a keyless table. */
    Leg small() throws SQLException {
        String slot = mark("bench_small");
        pgbench().work(transactions, 0.5);
        return leg("small transactions", slot, Pgbench.CHANGES * transactions);
    }

    /** Transactions of 2,000 rows, each of ten columns and about 200 bytes. */
    Leg bulk() throws SQLException {
        String slot = mark("bench_bulk");
        int count = rows / ROWS_PER_TRANSACTION;
        site.execute(
                "SET synchronous_commit = off",
                """
                DO $$
                BEGIN
                  FOR i IN 0..%d LOOP
                    INSERT INTO contacts SELECT n, n %% 5000, 'First' || n %% 977, 'Last' || n %% 7919,
                        'user' || n || '@example.com', '+49 30 ' || n, 'City ' || n %% 311, n / 7.0,
                        timestamptz '2026-01-01' + n * interval '1 second', md5(n::text) || ' ' || md5((n + 1)::text)
                      FROM generate_series(i * %d + 1, (i + 1) * %d) n;
                    COMMIT;
                  END LOOP;
                END $$
                """
                        .formatted(count - 1, ROWS_PER_TRANSACTION, ROWS_PER_TRANSACTION));
        return leg("bulk transactions", slot, (long) count * ROWS_PER_TRANSACTION);
    }

    /** One transaction that fits no memory; the leg's slot is that of Tidemark itself. */
    Leg large() throws SQLException {
        site.execute(
                "INSERT INTO large SELECT n, n % 5000, n / 7.0, md5(n::text) || ' ' || md5((n + 1)::text)"
                        + " FROM generate_series(1, "
                        + largeRows
                        + ") n");
        return leg("large transaction", site.parts().names().slot(), largeRows);
    }

    private String mark(String slot) throws SQLException {
        site.ask("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        return slot;
    }

    /** An empty transaction with a message ends a leg: durable, and with a position behind it. */
    private Leg leg(String name, String slot, long changes) throws SQLException {
        site.execute("SELECT pg_logical_emit_message(true, 'bench', 'end')");
        return new Leg(name, slot, Position.of(site.ask("SELECT pg_current_wal_lsn()")), changes);
    }
}
