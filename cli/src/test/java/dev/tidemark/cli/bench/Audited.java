package dev.tidemark.cli.bench;

import java.sql.SQLException;

/**
 * Twenty tables of a CRM, and work in them: transactions of some fifty rows each, in one table
 * each, made inside the server from a seed. For one thread.
 *
 * @param rows in the largest table before the work; the others have a twentieth
 */
record Audited(Site site, int rows) {
    /** How many tables there are. */
    static final int TABLES = 20;

    /** The largest one. */
    static final String LARGEST = "deal_1";

    private static final int UPDATED = 40; // of each transaction
    private static final int INSERTED = 8;
    private static final int DELETED = 2;
    private static final int CALM_UPDATED = 8;
    private static final int SMALLER = 20; // times

    /** Tables, and the rows before the work. */
    void fill() throws SQLException {
        for (int table = 1; table <= TABLES; table++) {
            site.execute(
                    """
                    CREATE TABLE deal_%d(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, stage text NOT NULL,
                        amount numeric(12,2), owner_id int, account_id int, email text, note text, modified timestamptz, modified_by text)
                    """
                            .formatted(table),
                    """
                    INSERT INTO deal_%d(name, stage, amount, owner_id, account_id, email, note, modified, modified_by)
                    SELECT 'Deal ' || n, (ARRAY['New','Open','Offer','Won','Lost'])[1 + n %% 5], n / 7.0, n %% 200, n %% 5000,
                        'user' || n || '@example.com', md5(n::text) || ' ' || md5((n + 1)::text), timestamptz '2026-01-01', 'import'
                    FROM generate_series(1, %d) n
                    """
                            .formatted(table, rows(table)));
        }
    }

    private int rows(int table) {
        return table == 1 ? rows : rows / SMALLER;
    }

    /**
     * Work in all tables alike.
     *
     * @param seed of the server's random numbers, from -1 to 1
     */
    void work(long changes, double seed) throws SQLException {
        long rounds = changes / TABLES / (UPDATED + INSERTED + DELETED);
        StringBuilder tables = new StringBuilder();
        for (int table = 1; table <= TABLES; table++) {
            tables.append(work(table));
        }
        site.execute(
                "SET synchronous_commit = off",
                """
                DO $$
                DECLARE who text;
                BEGIN
                  PERFORM setseed(%s);
                  FOR i IN 1..%d LOOP
                    %s
                  END LOOP;
                END $$
                """
                        .formatted(seed, rounds, tables));
    }

    /** Work of some people at a time: ten rows of one table in each transaction, and a pause. */
    void calmly(int transactions, double pauseSeconds) throws SQLException {
        StringBuilder cases = new StringBuilder();
        for (int table = 1; table <= TABLES; table++) {
            cases.append("WHEN %1$d THEN %2$s".formatted(table, work(table, CALM_UPDATED, 1, 1)));
        }
        site.execute(
                "SET synchronous_commit = off",
                """
                DO $$
                DECLARE who text;
                BEGIN
                  FOR i IN 1..%d LOOP
                    CASE 1 + i %% %d
                    %s
                    END CASE;
                    PERFORM pg_sleep(%s);
                  END LOOP;
                END $$
                """
                        .formatted(transactions, TABLES, cases, pauseSeconds));
    }

    private String work(int table) {
        return work(table, UPDATED, INSERTED, DELETED);
    }

    private String work(int table, int updated, int inserted, int deleted) {
        return """
               who := 'user' || floor(random() * 200)::int;
               UPDATE deal_%1$d SET stage = (ARRAY['New','Open','Offer','Won','Lost'])[1 + floor(random() * 5)::int],
                   amount = amount + 1, modified = clock_timestamp(), modified_by = who
                 WHERE id IN (SELECT 1 + floor(random() * %2$d)::bigint FROM generate_series(1, %3$d));
               INSERT INTO deal_%1$d(name, stage, amount, owner_id, account_id, email, note, modified, modified_by)
                 SELECT 'Deal of round ' || i, 'New', n, n, n, 'new@example.com', md5(random()::text), clock_timestamp(), who FROM generate_series(1, %4$d) n;
               DELETE FROM deal_%1$d WHERE id IN (SELECT 1 + floor(random() * %2$d)::bigint FROM generate_series(1, %5$d));
               COMMIT;
               """
                .formatted(table, rows(table), updated, inserted, deleted);
    }
}
