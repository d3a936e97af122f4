package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CrmTransaction.End.COMMIT;
import static dev.tidemark.cli.demo.CrmTransaction.End.NOTHING_TO_DO;

import dev.tidemark.cli.demo.CrmTransaction.End;
import java.sql.SQLException;
import java.util.Optional;

/** Tags, of which equal ones occur, and custom fields, which are rows. */
final class WorkTags {
    /** Of equal rows exactly one: nothing but its place tells it from the others. */
    private static final String ONE_OF_A_PARENT =
            " WHERE ctid = (SELECT ctid FROM crm.tags WHERE parent_type = ?"
                    + " AND parent_id >= ? ORDER BY parent_type, parent_id LIMIT 1)";

    private static final int FIELDS_MAX = 200; // A CRM has some hundred custom fields, not more.

    private WorkTags() {}

    static End tag(CrmClient crm) throws SQLException {
        Optional<CrmClient.Parent> parent = crm.pickParent();
        if (parent.isEmpty()) {
            return NOTHING_TO_DO;
        }
        tag(crm, parent.get());
        return COMMIT;
    }

    /** Tags a record, now and then twice with the same tag. */
    static void tag(CrmClient crm, CrmClient.Parent parent) throws SQLException {
        crm.update(
                "INSERT INTO crm.tags SELECT ?, ?, ?, current_date, ? FROM generate_series(1, ?)",
                parent.type(),
                parent.id(),
                crm.words().oneOf(CrmWords.TAGS),
                crm.actor(),
                crm.random().nextInt(4) == 0 ? 2 : 1);
    }

    static End untag(CrmClient crm) throws SQLException {
        Optional<CrmClient.Parent> parent = crm.pickParent();
        if (parent.isEmpty()) {
            return NOTHING_TO_DO;
        }
        int rows =
                crm.update(
                        "DELETE FROM crm.tags" + ONE_OF_A_PARENT,
                        parent.get().type(),
                        parent.get().id());
        return rows > 0 ? COMMIT : NOTHING_TO_DO;
    }

    static End retag(CrmClient crm) throws SQLException {
        Optional<CrmClient.Parent> parent = crm.pickParent();
        if (parent.isEmpty()) {
            return NOTHING_TO_DO;
        }
        int rows =
                crm.update(
                        "UPDATE crm.tags SET tag = ?, tagged_by = ?" + ONE_OF_A_PARENT,
                        crm.words().oneOf(CrmWords.TAGS),
                        crm.actor(),
                        parent.get().type(),
                        parent.get().id());
        return rows > 0 ? COMMIT : NOTHING_TO_DO;
    }

    static End setFields(CrmClient crm) throws SQLException {
        Optional<CrmClient.Parent> parent = crm.pickParent();
        if (parent.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "INSERT INTO crm.custom_field_values AS v (parent_type, parent_id, field_id,"
                        + " value, modified_by) SELECT parent_type, ?, id, ?, ?"
                        + " FROM crm.custom_fields WHERE parent_type = ? ORDER BY id LIMIT ?"
                        + " ON CONFLICT (parent_type, parent_id, field_id) DO UPDATE"
                        + " SET value = excluded.value, modified_by = excluded.modified_by",
                parent.get().id(),
                crm.words().sentence(3),
                crm.actor(),
                parent.get().type(),
                crm.random().nextInt(1, 4));
        return COMMIT;
    }

    static End defineField(CrmClient crm) throws SQLException {
        int number = crm.random().nextInt(1, FIELDS_MAX);
        crm.update(
                "INSERT INTO crm.custom_fields (parent_type, name, label) VALUES (?, ?, ?)"
                        + " ON CONFLICT (parent_type, name) DO UPDATE SET label = excluded.label",
                FillExtras.parentOfField(number),
                "field_" + number + "__c",
                crm.words().sentence(2));
        return COMMIT;
    }
}
