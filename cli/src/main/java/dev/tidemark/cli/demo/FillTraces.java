package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CopyRows.NULL;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalTime;
import java.util.List;
import java.util.SplittableRandom;

/** What people leave behind while they work: activities, e-mails, cases and the audit log. */
final class FillTraces {
    private final FillPart part;
    private final CrmWords words;

    FillTraces(Connection connection, CrmSize size, SplittableRandom random) {
        this.part = FillPart.of(connection, size, random);
        this.words = part.words();
    }

    long copy() throws SQLException {
        return copyTo(
                        "crm.activities (id, parent_type, parent_id, kind, subject, body,"
                                + " participants, duration, due, done, created_at, modified_by)",
                        this::activities)
                + copyTo(
                        "crm.emails (mailbox, uid, contact_id, sender, subject, body, flags,"
                                + " sent_at, modified_by)",
                        this::emails)
                + copyTo(
                        "crm.cases (id, number, account_id, contact_id, legacy_code, status,"
                                + " description, due_within, closed_at, modified_at, modified_by)",
                        this::cases)
                + copyTo(
                        "crm.audit_log (id, at, actor, table_name, operation, record_id, before)",
                        this::auditEntries);
    }

    private long copyTo(String target, CopyRows.Rows rows) throws SQLException {
        return CopyRows.copy(part.connection(), target, rows);
    }

    private void activities(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().activities(); id++) {
            String parent = words.oneOf(CrmWords.PARENTS);
            out.row(
                    id,
                    parent,
                    part.id(part.size().parents(parent)),
                    words.oneOf(List.of("call", "meeting", "task", "note")),
                    words.sentence(4),
                    part.orNull(0.3, words.sentence(part.id(60)) + "\n\t\\." + words.city()),
                    part.orNull(0.3, List.of(part.id(50), part.id(50))),
                    part.orNull(0.3, part.id(3) + " hours " + part.id(59) + " minutes"),
                    part.orNull(0.3, part.day().atTime(LocalTime.of(part.id(23), 30))),
                    part.chance(0.6),
                    part.moment(),
                    part.user());
        }
    }

    private void emails(CopyRows out) throws SQLException {
        for (int uid = 1; uid <= part.size().emails(); uid++) {
            out.row(
                    words.oneOf(CrmWords.MAILBOXES),
                    uid,
                    part.orNull(0.1, part.id(part.size().contacts())),
                    words.email(words.lastName(), uid),
                    part.orNull(0.05, words.sentence(5)),
                    words.mail(),
                    part.chance(0.5) ? List.of() : List.of("seen"),
                    part.moment(),
                    part.user());
        }
    }

    private void cases(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().cases(); id++) {
            boolean closed = part.chance(0.6);
            out.row(
                    id,
                    "C-" + id,
                    part.id(part.size().accounts()),
                    part.orNull(0.3, part.id(part.size().contacts())),
                    part.orNull(0.7, "OLD/" + part.id(9_999)),
                    closed ? "closed" : words.oneOf(List.of("new", "open", "waiting")),
                    words.sentence(part.id(40)),
                    part.id(5) + " days",
                    closed ? part.moment() : NULL,
                    part.moment(),
                    part.user());
        }
    }

    private void auditEntries(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().auditEntries(); id++) {
            out.row(
                    id,
                    part.moment(),
                    part.user(),
                    "contacts",
                    "UPDATE",
                    part.id(part.size().contacts()),
                    part.orNull(0.2, words.json()));
        }
    }
}
