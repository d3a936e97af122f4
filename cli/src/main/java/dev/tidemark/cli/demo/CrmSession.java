package dev.tidemark.cli.demo;

import java.sql.SQLException;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One user's session: transaction after transaction, until the gate closes. For one thread. */
final class CrmSession {
    /** What sessions do to each other, or a migration to them, besides {@link CrmUnit#BUSY}. */
    private static final Set<String> LOST_RACE =
            Set.of(
                    "23503", // foreign_key_violation: the record was deleted meanwhile
                    "23505"); // unique_violation: another was first

    private static final Set<String> OLD_NAMES =
            Set.of(
                    "42703", // undefined_column
                    "42P01"); // undefined_table

    /** More would hide a mistake; each retry is with newly picked records. */
    private static final int TRIES_MAX = 6;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** After so many transactions another user signs in. */
    private static final int TRANSACTIONS_A_USER = 200;

    private static final int USERS = new CrmSize(1).users();

    private final CrmWorkload workload;
    private final CrmClient crm;
    private final SplittableRandom random;
    private final CrmDeck deck;

    CrmSession(CrmWorkload workload, CrmClient crm, SplittableRandom random) {
        this.workload = workload;
        this.crm = crm;
        this.random = random;
        this.deck = new CrmDeck(random);
    }

    /** Works until the gate closes; an error that is no part of the work ends it. */
    void work() throws SQLException, InterruptedException {
        try (crm) {
            for (long n = 0; workload.gate().enter(); n++) {
                try {
                    if (n % TRANSACTIONS_A_USER == 0) {
                        crm.signIn("user" + random.nextInt(1, USERS + 1));
                    }
                    transact(deck.deal());
                } finally {
                    workload.gate().leave();
                }
            }
        }
    }

    private void transact(CrmTransaction kind) throws SQLException {
        for (int attempt = 1; attempt <= TRIES_MAX; attempt++) {
            try {
                tryOnce(kind);
                return;
            } catch (SQLException e) {
                CrmUnit.rollBack(crm.connection(), e);
                if (!isRetryable(e)) {
                    throw new SQLException(kind + " failed: " + e.getMessage(), e.getSQLState(), e);
                }
                workload.tally().retried();
            }
            LockSupport.parkNanos(random.nextLong(PAUSE_NANOS) * attempt);
        }
        workload.tally().gaveUp();
    }

    private boolean isRetryable(SQLException e) throws SQLException {
        String state = String.valueOf(e.getSQLState());
        if (!OLD_NAMES.contains(state)) {
            return CrmUnit.BUSY.contains(state) || LOST_RACE.contains(state);
        }
        CrmVersion found = CrmVersion.of(crm.connection());
        crm.connection().rollback();
        // The session was faster than the word that the migration is done.
        boolean wasBehind = found != crm.version();
        if (wasBehind && found == CrmVersion.MIGRATED) {
            workload.migrated();
        }
        return wasBehind;
    }

    private void tryOnce(CrmTransaction kind) throws SQLException {
        crm.begin(workload.version());
        switch (kind.run(crm)) {
            case COMMIT -> {
                crm.connection().commit();
                workload.tally().committed(kind, crm.rowsChanged());
            }
            case ROLL_BACK -> {
                crm.connection().rollback();
                workload.tally().rolledBack(kind);
            }
            case NOTHING_TO_DO -> crm.connection().rollback();
        }
    }
}
