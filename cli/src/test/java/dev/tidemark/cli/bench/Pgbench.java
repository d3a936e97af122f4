package dev.tidemark.cli.bench;

import java.sql.SQLException;

/**
 * pgbench's tables and transactions, made inside the server: a client would be the slowest part.
 *
 * @param scale how often 100,000 accounts
 */
record Pgbench(Site site, int scale) {
    /** Of each transaction: three updates and a row into a table without a key. */
    static final long CHANGES = 4;

    private static final int ACCOUNTS = 100_000;
    private static final int TELLERS = 10;

    /** Tables, and the rows before the first transaction. */
    void fill() throws SQLException {
        site.execute(
                "CREATE TABLE branches(bid int PRIMARY KEY, bbalance int, filler char(88))",
                "CREATE TABLE tellers(tid int PRIMARY KEY, bid int, tbalance int, filler char(84))",
                "CREATE TABLE accounts(aid int PRIMARY KEY, bid int, abalance int, filler char(84))",
                "CREATE TABLE history(tid int, bid int, aid int, delta int, mtime timestamptz, filler char(22))",
                "INSERT INTO branches SELECT b, 0, '' FROM generate_series(1, %d) b"
                        .formatted(scale),
                "INSERT INTO tellers SELECT t, 1 + (t - 1) / %d, 0, '' FROM generate_series(1, %d) t"
                        .formatted(TELLERS, TELLERS * scale),
                "INSERT INTO accounts SELECT a, 1 + (a - 1) / %d, 0, '' FROM generate_series(1, %d) a"
                        .formatted(ACCOUNTS, ACCOUNTS * scale));
    }

    /**
     * Transactions one after the other.
     *
     * @param seed of the server's random numbers, from -1 to 1
     */
    void work(long transactions, double seed) throws SQLException {
        site.execute(
                "SET synchronous_commit = off",
                """
                DO $$
                DECLARE a int; t int; b int; d int;
                BEGIN
                  PERFORM setseed(%s);
                  FOR i IN 1..%d LOOP
                    a := 1 + floor(random() * %d); t := 1 + floor(random() * %d); b := 1 + floor(random() * %d);
                    d := floor(random() * 10000) - 5000;
                    UPDATE accounts SET abalance = abalance + d WHERE aid = a;
                    UPDATE tellers SET tbalance = tbalance + d WHERE tid = t;
                    UPDATE branches SET bbalance = bbalance + d WHERE bid = b;
                    INSERT INTO history VALUES (t, b, a, d, clock_timestamp(), '');
                    COMMIT;
                  END LOOP;
                END $$
                """
                        .formatted(seed, transactions, ACCOUNTS * scale, TELLERS * scale, scale));
    }
}
