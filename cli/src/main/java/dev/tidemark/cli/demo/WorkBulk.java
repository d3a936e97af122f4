package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CrmTransaction.End.COMMIT;
import static dev.tidemark.cli.demo.CrmTransaction.End.NOTHING_TO_DO;
import static dev.tidemark.cli.demo.CrmTransaction.End.ROLL_BACK;

import dev.tidemark.cli.demo.CrmTransaction.End;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;
import java.util.UUID;

/** Many rows at once, and transactions that are taken back, whole or in part. */
final class WorkBulk {
    private static final int BULK_ROWS = 300;

    private WorkBulk() {}

    static End importRows(CrmClient crm) throws SQLException {
        UUID batch = crm.words().uuid();
        int lines = crm.random().nextInt(20, 200);
        crm.copy(
                "crm.import_staging (batch, line, payload)",
                out -> {
                    for (int line = 1; line <= lines; line++) {
                        out.row(batch, line, crm.words().company() + "\t" + crm.words().phone());
                    }
                });
        return COMMIT;
    }

    static End truncateStaging(CrmClient crm) throws SQLException {
        crm.execute("TRUNCATE crm.import_staging");
        return COMMIT;
    }

    /** Holds its snapshot while it works, so some of these fail to serialize. */
    static End bulkUpdate(CrmClient crm) throws SQLException {
        crm.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        Optional<Long> first = crm.pick("contacts");
        if (first.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "UPDATE crm.contacts SET reports_to = id - 1, modified_by = ?"
                        + " WHERE id BETWEEN ? AND ?",
                "batch:" + crm.actor(),
                first.get(),
                first.get() + BULK_ROWS - 1);
        return COMMIT;
    }

    /** Writes twice, takes the second back, and goes on. */
    static End savepoint(CrmClient crm) throws SQLException {
        if (WorkPeople.createLead(crm) != COMMIT) {
            return NOTHING_TO_DO;
        }
        Savepoint savepoint = crm.connection().setSavepoint();
        WorkTags.setFields(crm);
        WorkTraces.logActivity(crm);
        crm.connection().rollback(savepoint);
        WorkTags.tag(crm);
        return COMMIT;
    }

    static End rollBack(CrmClient crm) throws SQLException {
        WorkPeople.createLead(crm);
        WorkSales.moveStage(crm);
        WorkFiles.flagEmail(crm);
        return ROLL_BACK;
    }
}
