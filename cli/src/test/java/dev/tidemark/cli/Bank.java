package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Transfers between accounts, some of another table, in serializable transactions beside each
 * other. Each writes a line with a number that the client chose, and the client remembers how it
 * ended: so the total tells of torn transactions, and the numbers of lost and of invented ones.
 */
public final class Bank {
    private static final int ACCOUNTS = 40;
    private static final int INITIAL = 1_000;
    private static final Duration THINKING_MAX = Duration.ofMillis(20);

    /** A serialization failure comes seldom twice. */
    private static final int ATTEMPTS_MAX = 5;

    private final AtomicLong number = new AtomicLong();
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();
    private final Set<Long> unknown = ConcurrentHashMap.newKeySet();

    public static Bank create(SourceServer server) throws SQLException {
        server.execute(
                "crm",
                """
                CREATE SCHEMA bank;
                CREATE TABLE bank.account (id int PRIMARY KEY, balance bigint NOT NULL);
                CREATE TABLE bank.vault (id int PRIMARY KEY, balance bigint NOT NULL);
                CREATE TABLE bank.transfer (id bigint PRIMARY KEY, payer text, payee text, amount bigint);
                INSERT INTO bank.account SELECT i, %2$d FROM generate_series(1, %1$d) i;
                INSERT INTO bank.vault SELECT i, %2$d FROM generate_series(1, %1$d) i;
                """
                        .formatted(ACCOUNTS, INITIAL));
        return new Bank();
    }

    public void openAt(Clients clients, String name, Random random, Duration pauseMax) {
        clients.start(name, random, pauseMax, connection -> transfer(connection, random));
    }

    private void transfer(Connection connection, Random random) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        long id = number.incrementAndGet();
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            if (isEnded(connection, random, id)) {
                return;
            }
        }
        refused.add(id);
    }

    /** False when it was rolled back because of others and may be tried again. */
    private boolean isEnded(Connection connection, Random random, long id) throws SQLException {
        boolean isCommitting = false;
        try {
            move(connection, random, id);
            if (random.nextInt(10) == 0) {
                connection.rollback();
                refused.add(id);
                return true;
            }
            isCommitting = true;
            connection.commit();
            acknowledged.add(id);
            return true;
        } catch (SQLException e) {
            if (Clients.isOfCompany(e)) { // the server says that nothing came of it
                rollback(connection, id);
                return false;
            }
            (isCommitting ? unknown : refused).add(id); // without a commit nothing is committed
            throw e;
        }
    }

    private void rollback(Connection connection, long id) throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException e) {
            refused.add(id);
            throw e;
        }
    }

    private static void move(Connection connection, Random random, long id) throws SQLException {
        String payer = random.nextInt(3) == 0 ? "vault" : "account";
        String payee = random.nextInt(3) == 0 ? "vault" : "account";
        int from = random.nextInt(ACCOUNTS) + 1;
        int to = random.nextInt(ACCOUNTS) + 1;
        int amount = random.nextInt(100) + 1;
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE bank.%s SET balance = balance - %d WHERE id = %d"
                            .formatted(payer, amount, from));
            Clients.pause(random, THINKING_MAX);
            statement.execute(
                    "UPDATE bank.%s SET balance = balance + %d WHERE id = %d"
                            .formatted(payee, amount, to));
        }
        try (PreparedStatement line =
                connection.prepareStatement("INSERT INTO bank.transfer VALUES (?, ?, ?, ?)")) {
            line.setLong(1, id);
            line.setString(2, payer + " " + from);
            line.setString(3, payee + " " + to);
            line.setInt(4, amount);
            line.execute();
        }
    }

    /** Holds at each moment of which a restore is a prefix of whole transactions. */
    public void assertBalanced(SourceServer server, String database) throws SQLException {
        assertThat(
                        server.ask(
                                database,
                                "SELECT sum(balance) FROM (SELECT balance FROM bank.account UNION ALL"
                                        + " SELECT balance FROM bank.vault) all_accounts"))
                .as("the total in %s", database)
                .isEqualTo(String.valueOf(2 * ACCOUNTS * INITIAL));
        assertThat(
                        server.ask(
                                database,
                                """
                                WITH moved AS (
                                  SELECT name, sum(amount) AS amount
                                  FROM (SELECT payee AS name, amount FROM bank.transfer
                                        UNION ALL SELECT payer, -amount FROM bank.transfer) halves
                                  GROUP BY name),
                                stands AS (
                                  SELECT 'account ' || id AS name, balance FROM bank.account
                                  UNION ALL SELECT 'vault ' || id, balance FROM bank.vault)
                                SELECT coalesce(string_agg(name, ', '), '') FROM stands LEFT JOIN moved USING (name)
                                WHERE balance <> %d + coalesce(amount, 0)
                                """
                                        .formatted(INITIAL)))
                .as("accounts of %s that their transfers do not explain", database)
                .isEmpty();
    }

    /** What clients were told is so, when all that they did has been archived. */
    public void assertKept(SourceServer server, String database) throws SQLException {
        Set<Long> there = new TreeSet<>();
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM bank.transfer")) {
            while (rows.next()) {
                there.add(rows.getLong(1));
            }
        }
        assertThat(there).as("acknowledged transfers").containsAll(acknowledged);
        assertThat(refused).as("refused transfers").isNotEmpty().doesNotContainAnyElementsOf(there);
        there.removeAll(acknowledged);
        assertThat(unknown).as("of which the client does not know").containsAll(there);
    }

    @Override
    public String toString() {
        return "%d transfers acknowledged, %d refused, %d of unknown end"
                .formatted(acknowledged.size(), refused.size(), unknown.size());
    }
}
