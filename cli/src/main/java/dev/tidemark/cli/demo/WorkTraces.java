package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CrmTransaction.End.COMMIT;
import static dev.tidemark.cli.demo.CrmTransaction.End.NOTHING_TO_DO;

import dev.tidemark.cli.demo.CrmTransaction.End;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Activities and cases. */
final class WorkTraces {
    private WorkTraces() {}

    static End logActivity(CrmClient crm) throws SQLException {
        Optional<CrmClient.Parent> parent = crm.pickParent();
        if (parent.isEmpty()) {
            return NOTHING_TO_DO;
        }
        note(crm, parent.get(), crm.words().sentence(5));
        return COMMIT;
    }

    /** Leaves a note on a record. */
    static void note(CrmClient crm, CrmClient.Parent parent, String subject) throws SQLException {
        crm.update(
                "INSERT INTO crm.activities (parent_type, parent_id, kind, subject, body,"
                        + " participants, duration, due, modified_by) VALUES (?, ?, 'note', ?, ?,"
                        + " ?::bigint[], make_interval(mins => ?), localtimestamp, ?)",
                parent.type(),
                parent.id(),
                subject,
                crm.words().sentence(crm.random().nextInt(1, 60)),
                CopyRows.array(List.of(crm.random().nextInt(50), crm.random().nextInt(50))),
                crm.random().nextInt(240),
                crm.actor());
    }

    static End finishActivity(CrmClient crm) throws SQLException {
        Optional<Long> activity = crm.pick("activities", "NOT done");
        if (activity.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "UPDATE crm.activities SET done = true, due = NULL, modified_by = ? WHERE id = ?",
                crm.actor(),
                activity.get());
        return COMMIT;
    }

    static End openCase(CrmClient crm) throws SQLException {
        Optional<Long> account = crm.pick("accounts", "NOT deleted");
        if (account.isEmpty()) {
            return NOTHING_TO_DO;
        }
        boolean coded = crm.version() == CrmVersion.ORIGINAL;
        long number =
                crm.id("SELECT nextval(pg_get_serial_sequence('crm.cases', 'id'))").orElseThrow();
        crm.update(
                "INSERT INTO crm.cases (id, number, account_id, description, modified_by"
                        + (coded ? ", legacy_code" : "")
                        + ") VALUES (?, ?, ?, ?, ?"
                        + (coded ? ", 'none'" : "")
                        + ")",
                number,
                "C-" + number,
                account.get(),
                crm.words().sentence(crm.random().nextInt(5, 50)),
                crm.actor());
        note(crm, new CrmClient.Parent("case", number), "opened");
        return COMMIT;
    }

    static End closeCase(CrmClient crm) throws SQLException {
        Optional<Long> open = crm.pick("cases", "status <> 'closed'");
        if (open.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "UPDATE crm.cases SET status = 'closed', closed_at = now(),"
                        + " due_within = due_within + interval '1 mon 2 days 3.5 seconds',"
                        + " modified_by = ? WHERE id = ?",
                crm.actor(),
                open.get());
        return COMMIT;
    }
}
