package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CrmTransaction.End.COMMIT;
import static dev.tidemark.cli.demo.CrmTransaction.End.NOTHING_TO_DO;

import dev.tidemark.cli.demo.CrmTransaction.End;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** How records go: marked first, deleted later with all that hangs on them. */
final class WorkRemoval {
    private WorkRemoval() {}

    static End softDelete(CrmClient crm) throws SQLException {
        String table = crm.words().oneOf(List.of("contacts", "leads", "accounts", "opportunities"));
        Optional<Long> record = crm.pick(table, "NOT deleted");
        if (record.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "UPDATE crm." + table + " SET deleted = true, modified_by = ? WHERE id = ?",
                crm.actor(),
                record.get());
        return COMMIT;
    }

    static End hardDelete(CrmClient crm) throws SQLException {
        return switch (crm.random().nextInt(4)) {
            case 0 -> deleteOne(crm, "leads", "deleted OR converted_at IS NOT NULL");
            case 1 -> deleteOne(crm, "activities", "done");
            case 2 -> deleteOne(crm, "cases", "status = 'closed'");
            default -> deleteContact(crm);
        };
    }

    private static End deleteOne(CrmClient crm, String table, String condition)
            throws SQLException {
        Optional<Long> record = crm.pick(table, "(" + condition + ")");
        if (record.isEmpty()) {
            return NOTHING_TO_DO;
        }
        int rows = crm.update("DELETE FROM crm." + table + " WHERE id = ?", record.get());
        return rows > 0 ? COMMIT : NOTHING_TO_DO;
    }

    private static End deleteContact(CrmClient crm) throws SQLException {
        Optional<Long> contact = crm.pick("contacts", "deleted");
        if (contact.isEmpty()) {
            return NOTHING_TO_DO;
        }
        deleteContact(crm, contact.get());
        return COMMIT;
    }

    /** Activities stay behind, as they do where no foreign key asks for them. */
    static void deleteContact(CrmClient crm, long contact) throws SQLException {
        for (String table : List.of("tags", "custom_field_values", "attachments")) {
            crm.update(
                    "DELETE FROM crm." + table + " WHERE parent_type = 'contact' AND parent_id = ?",
                    contact);
        }
        crm.update("DELETE FROM crm.contacts WHERE id = ?", contact);
    }
}
