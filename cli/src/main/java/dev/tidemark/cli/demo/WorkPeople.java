package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CrmTransaction.End.COMMIT;
import static dev.tidemark.cli.demo.CrmTransaction.End.NOTHING_TO_DO;

import dev.tidemark.cli.demo.CrmTransaction.End;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What is done to leads, contacts, accounts and users. */
final class WorkPeople {
    private WorkPeople() {}

    static End createLead(CrmClient crm) throws SQLException {
        CrmWords words = crm.words();
        String person = words.firstName() + " " + words.lastName();
        long lead =
                crm.insert(
                        "INSERT INTO crm.leads (company, person, email, source, source_ip, "
                                + crm.version().rating()
                                + ", modified_by) VALUES (?, ?, ?, ?, ?::inet, ?, ?) RETURNING id",
                        words.company(),
                        person,
                        words.email(person, crm.random().nextInt(1_000_000)),
                        words.oneOf(CrmWords.SOURCES),
                        words.address(),
                        crm.random().nextInt(1, 6),
                        crm.actor());
        if (lead % 3 == 0) {
            WorkTags.tag(crm, new CrmClient.Parent("lead", lead));
        }
        return COMMIT;
    }

    static End rateLead(CrmClient crm) throws SQLException {
        Optional<Long> lead = crm.pick("leads", "converted_at IS NULL AND NOT deleted");
        if (lead.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "UPDATE crm.leads SET "
                        + crm.version().rating()
                        + " = nullif(?, 0), modified_by = ? WHERE id = ?",
                crm.random().nextInt(0, 6),
                crm.actor(),
                lead.get());
        return COMMIT;
    }

    /** A lead becomes an account, a contact and an opportunity. */
    static End convertLead(CrmClient crm) throws SQLException {
        Optional<Long> lead = crm.pick("leads", "converted_at IS NULL AND NOT deleted");
        if (lead.isEmpty() || lockLead(crm, lead.get()).isEmpty()) {
            return NOTHING_TO_DO;
        }
        long account = createAccount(crm, lead.get());
        long contact = createContact(crm, account);
        crm.insert(
                "INSERT INTO crm.opportunities (account_id, primary_contact_id, name, amount,"
                        + " close_date, modified_by) VALUES (?, ?, ?, ?, current_date + 90, ?)"
                        + " RETURNING id",
                account,
                contact,
                crm.words().sentence(3),
                BigDecimal.valueOf(crm.random().nextLong(9_000_000), 2),
                crm.actor());
        crm.update(
                "UPDATE crm.leads SET converted_at = now(), converted_account_id = ?,"
                        + " converted_contact_id = ?, modified_by = ? WHERE id = ?",
                account,
                contact,
                crm.actor(),
                lead.get());
        return COMMIT;
    }

    private static Optional<Long> lockLead(CrmClient crm, long lead) throws SQLException {
        return crm.id(
                "SELECT id FROM crm.leads WHERE id = ? AND converted_at IS NULL FOR UPDATE", lead);
    }

    private static long createAccount(CrmClient crm, long lead) throws SQLException {
        CrmWords words = crm.words();
        return crm.insert(
                "INSERT INTO crm.accounts (owner_id, name, industry, billing, phones, custom,"
                        + " modified_by) SELECT 1 + ? % 50, company, ?, ROW(?, ?, ?, 'AT')"
                        + "::crm.postal_address, ?::text[], ?::jsonb, ? FROM crm.leads WHERE id = ? RETURNING id",
                crm.random().nextInt(1_000),
                words.oneOf(CrmWords.INDUSTRIES),
                words.lastName() + " 1",
                "1010",
                words.city(),
                CopyRows.array(List.of(words.phone(), words.phone())),
                words.json(),
                crm.actor(),
                lead);
    }

    private static long createContact(CrmClient crm, long account) throws SQLException {
        String last = crm.words().lastName();
        String added = crm.version() == CrmVersion.MIGRATED ? ", lifetime_value" : "";
        return crm.insert(
                "INSERT INTO crm.contacts (account_id, first_name, last_name, email, modified_by"
                        + added
                        + ") VALUES (?, ?, ?, ?, ?"
                        + (added.isEmpty() ? "" : ", 100.00")
                        + ") RETURNING id",
                account,
                crm.words().firstName(),
                last,
                crm.words().email(last, account),
                crm.actor());
    }

    static End editContact(CrmClient crm) throws SQLException {
        Optional<Long> contact = crm.pick("contacts", "NOT deleted");
        if (contact.isEmpty()) {
            return NOTHING_TO_DO;
        }
        String added =
                crm.version() == CrmVersion.MIGRATED
                        ? ", lifetime_value = lifetime_value + 12.50"
                        : "";
        int rows =
                crm.update(
                        "UPDATE crm.contacts SET notes = nullif(?, ''), modified_by = ?"
                                + added
                                + " WHERE id = ?",
                        crm.words().sentence(crm.random().nextInt(40)),
                        crm.actor(),
                        contact.get());
        return rows > 0 ? COMMIT : NOTHING_TO_DO;
    }

    static End editAccount(CrmClient crm) throws SQLException {
        Optional<Long> account = crm.pick("accounts", "NOT deleted");
        if (account.isEmpty()) {
            return NOTHING_TO_DO;
        }
        String added = crm.version() == CrmVersion.MIGRATED ? ", segment = 'S' || id % 4" : "";
        crm.update(
                "UPDATE crm.accounts SET custom = custom || ?::jsonb, phones = phones[2:] || ?,"
                        + " modified_by = ?"
                        + added
                        + " WHERE id = ?",
                crm.words().json(),
                crm.words().phone(),
                crm.actor(),
                account.get());
        return COMMIT;
    }

    static End recordSignIn(CrmClient crm) throws SQLException {
        crm.update(
                "UPDATE crm.users SET last_login_at = now(), last_login_ip = ?::inet,"
                        + " session_timeout = make_interval(mins => ?) WHERE login = ?",
                crm.words().address(),
                crm.random().nextInt(5, 90),
                crm.actor());
        return COMMIT;
    }

    /** Two sessions that merge the same pair in opposite order meet in a deadlock, as in life. */
    static End mergeContacts(CrmClient crm) throws SQLException {
        Optional<Long> kept = crm.pick("contacts", "NOT deleted");
        Optional<Long> lost = crm.pick("contacts", "NOT deleted");
        if (kept.isEmpty() || lost.isEmpty() || kept.equals(lost)) {
            return NOTHING_TO_DO;
        }
        long to = kept.get();
        long from = lost.get();
        crm.update(
                "UPDATE crm.contacts SET notes = concat_ws(E'\\n', notes, ?), modified_by = ?"
                        + " WHERE id = ?",
                "merged with " + from,
                crm.actor(),
                to);
        crm.update(
                "UPDATE crm.opportunities SET primary_contact_id = ?, modified_by = ?"
                        + " WHERE primary_contact_id = ?",
                to,
                crm.actor(),
                from);
        crm.update("UPDATE crm.emails SET contact_id = ? WHERE contact_id = ?", to, from);
        crm.update("UPDATE crm.cases SET contact_id = ? WHERE contact_id = ?", to, from);
        for (String table : List.of("activities", "tags", "attachments")) {
            crm.update(
                    "UPDATE crm."
                            + table
                            + " SET parent_id = ? WHERE parent_type = 'contact' AND parent_id = ?",
                    to,
                    from);
        }
        mergeFields(crm, from, to);
        WorkRemoval.deleteContact(crm, from);
        return COMMIT;
    }

    private static void mergeFields(CrmClient crm, long from, long to) throws SQLException {
        crm.update(
                "INSERT INTO crm.custom_field_values (parent_type, parent_id, field_id, value,"
                        + " modified_by) SELECT parent_type, ?, field_id, value, ?"
                        + " FROM crm.custom_field_values WHERE parent_type = 'contact'"
                        + " AND parent_id = ? ON CONFLICT DO NOTHING",
                to,
                crm.actor(),
                from);
    }

    /** Possible only once the migration has made the table. */
    static End giveConsent(CrmClient crm) throws SQLException {
        if (crm.version() != CrmVersion.MIGRATED) {
            return NOTHING_TO_DO;
        }
        Optional<Long> contact = crm.pick("contacts", "NOT deleted");
        if (contact.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "INSERT INTO crm.consents AS c (contact_id, channel, given) VALUES (?, ?, true)"
                        + " ON CONFLICT (contact_id, channel)"
                        + " DO UPDATE SET given = NOT c.given, given_at = now()",
                contact.get(),
                crm.words().oneOf(CrmWords.CHANNELS));
        return COMMIT;
    }
}
