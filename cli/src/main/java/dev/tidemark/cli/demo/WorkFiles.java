package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CrmTransaction.End.COMMIT;
import static dev.tidemark.cli.demo.CrmTransaction.End.NOTHING_TO_DO;

import dev.tidemark.cli.demo.CrmTransaction.End;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** E-mails and attachments: what is large, and so kept out of line. */
final class WorkFiles {
    private WorkFiles() {}

    static End receiveEmail(CrmClient crm) throws SQLException {
        Optional<Long> contact = crm.pick("contacts", "NOT deleted");
        if (contact.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "INSERT INTO crm.emails (mailbox, uid, contact_id, sender, subject, body, sent_at,"
                        + " modified_by) VALUES ('inbox', nextval('crm.email_uid'), ?, ?, ?, ?,"
                        + " now(), ?)",
                contact.get(),
                crm.words().email(crm.words().lastName(), contact.get()),
                crm.words().sentence(6),
                crm.words().mail(),
                crm.actor());
        WorkTraces.note(crm, new CrmClient.Parent("contact", contact.get()), "e-mail");
        return COMMIT;
    }

    static End editEmailBody(CrmClient crm) throws SQLException {
        return changeEmail(crm, "body = ?", crm.words().mail());
    }

    /** Leaves the body alone: the change log says only that it is unchanged. */
    static End flagEmail(CrmClient crm) throws SQLException {
        return changeEmail(crm, "flags = (flags || ?)[1:5]", crm.words().oneOf(CrmWords.TAGS));
    }

    /** Changes the key of a row whose body stays as it is. */
    static End moveEmail(CrmClient crm) throws SQLException {
        return changeEmail(
                crm,
                "mailbox = ?, uid = nextval('crm.email_uid')",
                crm.words().oneOf(CrmWords.MAILBOXES));
    }

    private static End changeEmail(CrmClient crm, String assignment, Object value)
            throws SQLException {
        List<List<Object>> keys =
                crm.query(
                        "SELECT mailbox, uid FROM crm.emails"
                                + " WHERE uid >= (? * (SELECT max(uid) FROM crm.emails))::bigint"
                                + " ORDER BY uid LIMIT 1",
                        crm.random().nextDouble());
        if (keys.isEmpty()) {
            return NOTHING_TO_DO;
        }
        int rows =
                crm.update(
                        "UPDATE crm.emails SET "
                                + assignment
                                + ", modified_by = ? WHERE mailbox = ? AND uid = ?",
                        value,
                        crm.actor(),
                        keys.get(0).get(0),
                        keys.get(0).get(1));
        return rows > 0 ? COMMIT : NOTHING_TO_DO;
    }

    static End attach(CrmClient crm) throws SQLException {
        Optional<CrmClient.Parent> parent = crm.pickParent();
        if (parent.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "INSERT INTO crm.attachments (id, parent_type, parent_id, file_name,"
                        + " content_type, content, modified_by)"
                        + " VALUES (?, ?, ?, ?, 'image/jpeg', ?, ?)",
                crm.words().uuid(),
                parent.get().type(),
                parent.get().id(),
                crm.words().sentence(2) + ".jpg",
                crm.words().file(),
                crm.actor());
        WorkTraces.note(crm, parent.get(), "file attached");
        return COMMIT;
    }

    static End rename(CrmClient crm) throws SQLException {
        return changeFile(crm, "file_name = ?", crm.words().sentence(2) + ".pdf");
    }

    static End replace(CrmClient crm) throws SQLException {
        return changeFile(crm, "content = ?", crm.words().file());
    }

    private static End changeFile(CrmClient crm, String assignment, Object value)
            throws SQLException {
        List<List<Object>> keys =
                crm.query(
                        "SELECT id FROM crm.attachments WHERE id >= ? ORDER BY id LIMIT 1",
                        crm.words().uuid());
        if (keys.isEmpty()) {
            return NOTHING_TO_DO;
        }
        int rows =
                crm.update(
                        "UPDATE crm.attachments SET "
                                + assignment
                                + ", modified_by = ? WHERE id = ?",
                        value,
                        crm.actor(),
                        keys.get(0).get(0));
        return rows > 0 ? COMMIT : NOTHING_TO_DO;
    }
}
