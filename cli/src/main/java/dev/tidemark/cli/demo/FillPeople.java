package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CopyRows.NULL;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Users, accounts, contacts and leads. */
final class FillPeople {
    private final FillPart part;
    private final CrmWords words;

    FillPeople(Connection connection, CrmSize size, SplittableRandom random) {
        this.part = FillPart.of(connection, size, random);
        this.words = part.words();
    }

    long copy() throws SQLException {
        return copyTo(
                        "crm.users (id, login, full_name, email, external_id, active,"
                                + " session_timeout, last_login_ip, last_login_at)",
                        this::users)
                + copyTo(
                        "crm.accounts (id, parent_id, owner_id, name, industry, billing, phones,"
                                + " annual_revenue, employees, contract_until, custom, deleted,"
                                + " created_at, modified_at, modified_by)",
                        this::accounts)
                + copyTo(
                        "crm.contacts (id, account_id, reports_to, first_name, last_name, email,"
                                + " birthday, notes, deleted, created_at, modified_at, modified_by)",
                        this::contacts)
                + copyTo(
                        "crm.leads (id, company, person, email, source, source_ip, rating,"
                                + " created_at, modified_at, modified_by)",
                        this::leads);
    }

    private long copyTo(String target, CopyRows.Rows rows) throws SQLException {
        return CopyRows.copy(part.connection(), target, rows);
    }

    private void users(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().users(); id++) {
            String name = words.firstName() + " " + words.lastName();
            out.row(
                    id,
                    "user" + id,
                    name,
                    words.email(name, id),
                    words.uuid(),
                    !part.chance(0.1),
                    part.id(90) + " minutes",
                    part.orNull(0.2, words.address()),
                    part.orNull(0.2, part.moment()));
        }
    }

    private void accounts(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().accounts(); id++) {
            Instant created = part.moment();
            out.row(
                    id,
                    id == 1 || part.chance(0.7) ? NULL : part.id(id - 1),
                    part.id(part.size().users()),
                    words.company(),
                    part.orNull(0.1, words.oneOf(CrmWords.INDUSTRIES)),
                    part.orNull(0.2, billing()),
                    phones(),
                    part.orNull(0.3, part.money(50_000_000_00L)),
                    part.orNull(0.3, part.id(5_000)),
                    part.chance(0.1) ? "infinity" : part.orNull(0.5, part.day()),
                    part.chance(0.3) ? "{}" : words.json(),
                    part.chance(0.03),
                    created,
                    created,
                    part.user());
        }
    }

    private String billing() {
        return "(\"%s %d\",%05d,\"%s\",DE)"
                .formatted(words.lastName(), part.id(200), part.id(99_999), words.city());
    }

    private List<Object> phones() {
        return switch (part.id(4)) {
            case 1 -> List.of();
            case 2 -> List.of(words.phone(), NULL);
            case 3 -> List.of(words.phone(), "\"ask for " + words.firstName() + "\", ext. \\1");
            default -> List.of(words.phone());
        };
    }

    private void contacts(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().contacts(); id++) {
            Instant created = part.moment();
            String last = words.lastName();
            out.row(
                    id,
                    part.orNull(0.05, part.id(part.size().accounts())),
                    part.orNull(0.8, part.id(2 * part.size().contacts())),
                    part.orNull(0.1, words.firstName()),
                    last,
                    part.orNull(0.1, words.email(last, id)),
                    part.orNull(0.6, part.day().minusYears(part.id(40) + 18)),
                    part.chance(0.2) ? "" : part.orNull(0.5, words.sentence(part.id(30))),
                    part.chance(0.05),
                    created,
                    created,
                    part.user());
        }
    }

    private void leads(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().leads(); id++) {
            Instant created = part.moment();
            String person = words.firstName() + " " + words.lastName();
            out.row(
                    id,
                    words.company(),
                    person,
                    part.orNull(0.2, words.email(person, id)),
                    words.oneOf(CrmWords.SOURCES),
                    part.orNull(0.5, words.address()),
                    part.orNull(0.3, part.id(5)),
                    created,
                    created,
                    part.user());
        }
    }
}
