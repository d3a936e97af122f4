package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CopyRows.NULL;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Tags, custom fields, attachments, and what an import left in its staging table. */
final class FillExtras {
    private static final int STAGED_ROWS = 100;
    private static final int VALUES_PER_RECORD = 3;

    private final FillPart part;
    private final CrmWords words;

    FillExtras(Connection connection, CrmSize size, SplittableRandom random) {
        this.part = FillPart.of(connection, size, random);
        this.words = part.words();
    }

    long copy() throws SQLException {
        return copyTo("crm.tags (parent_type, parent_id, tag, tagged_on, tagged_by)", this::tags)
                + copyTo("crm.custom_fields (id, parent_type, name, label, options)", this::fields)
                + copyTo(
                        "crm.custom_field_values (parent_type, parent_id, field_id, value,"
                                + " modified_by)",
                        this::values)
                + copyTo(
                        "crm.attachments (id, parent_type, parent_id, file_name, content_type,"
                                + " content, created_at, modified_by)",
                        this::attachments)
                + copyTo("crm.import_staging (batch, line, payload)", this::staging);
    }

    private long copyTo(String target, CopyRows.Rows rows) throws SQLException {
        return CopyRows.copy(part.connection(), target, rows);
    }

    private void tags(CopyRows out) throws SQLException {
        for (int i = 0; i < part.size().tags() / 2; i++) {
            String parent = words.oneOf(CrmWords.PARENTS);
            int id = part.id(part.size().parents(parent));
            Object day = part.orNull(0.2, part.day());
            Object user = part.orNull(0.2, part.user());
            out.row(parent, id, words.oneOf(CrmWords.TAGS), day, user);
            // The second is equal to the first in every column, one time in seven.
            out.row(parent, id, words.oneOf(CrmWords.TAGS), day, user);
        }
    }

    private void fields(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().fields(); id++) {
            out.row(
                    id,
                    parentOfField(id),
                    "field_" + id + "__c",
                    part.orNull(0.1, words.sentence(2)),
                    part.chance(0.5) ? NULL : CrmWords.CHANNELS);
        }
    }

    /** Fields are dealt to the kinds of parents in turn, so a field's id tells its kind. */
    static String parentOfField(int field) {
        return CrmWords.PARENTS.get(field % CrmWords.PARENTS.size());
    }

    private void values(CopyRows out) throws SQLException {
        int kinds = CrmWords.PARENTS.size();
        for (int record = 0; record < part.size().recordsWithFields(); record++) {
            // Each kind's records are numbered on, so that no key comes twice.
            String parent = CrmWords.PARENTS.get(record % kinds);
            int id = 1 + record / kinds;
            for (int i = 0; i < VALUES_PER_RECORD; i++) {
                int field = record % kinds + kinds * (i + 1);
                out.row(parent, id, field, part.orNull(0.1, words.sentence(2)), part.user());
            }
        }
    }

    private void attachments(CopyRows out) throws SQLException {
        for (int i = 1; i <= part.size().attachments(); i++) {
            String parent = words.oneOf(CrmWords.PARENTS);
            out.row(
                    words.uuid(),
                    parent,
                    part.id(part.size().parents(parent)),
                    words.sentence(2) + ".pdf",
                    "application/pdf",
                    words.file(),
                    part.moment(),
                    part.user());
        }
    }

    private void staging(CopyRows out) throws SQLException {
        UUID batch = words.uuid();
        for (int line = 1; line <= STAGED_ROWS; line++) {
            out.row(batch, line, part.orNull(0.05, List.of(words.company(), words.phone())));
        }
    }
}
