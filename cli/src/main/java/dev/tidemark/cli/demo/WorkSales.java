package dev.tidemark.cli.demo;

import static dev.tidemark.cli.demo.CrmTransaction.End.COMMIT;
import static dev.tidemark.cli.demo.CrmTransaction.End.NOTHING_TO_DO;

import dev.tidemark.cli.demo.CrmTransaction.End;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What is done to opportunities, quotes, products and targets. */
final class WorkSales {
    private static final String OPEN = "stage NOT IN ('won', 'lost') AND NOT deleted";

    private WorkSales() {}

    static End moveStage(CrmClient crm) throws SQLException {
        Optional<Long> opportunity = crm.pick("opportunities", OPEN);
        if (opportunity.isEmpty()) {
            return NOTHING_TO_DO;
        }
        String stage = crm.words().oneOf(CrmWords.STAGES);
        int rows =
                crm.update(
                        "UPDATE crm.opportunities SET stage = ?::crm.stage,"
                                + " stages_seen = stages_seen || ?::crm.stage, probability = ?,"
                                + " modified_by = ? WHERE id = ?",
                        stage,
                        stage,
                        crm.random().nextInt(101),
                        crm.actor(),
                        opportunity.get());
        if (rows > 0) {
            WorkTraces.note(
                    crm, new CrmClient.Parent("opportunity", opportunity.get()), "now " + stage);
        }
        return rows > 0 ? COMMIT : NOTHING_TO_DO;
    }

    /** The lines come first: the key that ties them to the quote is checked at the commit. */
    static End createQuote(CrmClient crm) throws SQLException {
        Optional<Long> opportunity = crm.pick("opportunities", "NOT deleted");
        if (opportunity.isEmpty()) {
            return NOTHING_TO_DO;
        }
        long quote =
                crm.id("SELECT nextval(pg_get_serial_sequence('crm.quotes', 'id'))").orElseThrow();
        int lines = crm.random().nextInt(1, 7);
        for (int line = 1; line <= lines; line++) {
            addLine(crm, quote, line);
        }
        crm.update(
                "INSERT INTO crm.quotes (id, number, opportunity_id, valid_until, total,"
                        + " modified_by) SELECT ?, ?, ?, current_date + 30, sum(amount), ?"
                        + " FROM crm.quote_lines WHERE quote_id = ?",
                quote,
                "Q-" + quote,
                opportunity.get(),
                crm.actor(),
                quote);
        return COMMIT;
    }

    private static void addLine(CrmClient crm, long quote, int line) throws SQLException {
        crm.update(
                "INSERT INTO crm.quote_lines (quote_id, line, product_id, quantity, unit_price,"
                        + " discount) SELECT ?, ?, id, ?, price, ? FROM crm.products"
                        + " WHERE id >= (? * (SELECT max(id) FROM crm.products))::integer"
                        + " ORDER BY id LIMIT 1",
                quote,
                line,
                BigDecimal.valueOf(crm.random().nextInt(1, 50_000), 3),
                BigDecimal.valueOf(crm.random().nextInt(300), 3),
                crm.random().nextDouble());
    }

    static End editQuoteLine(CrmClient crm) throws SQLException {
        Optional<Long> quote = crm.pick("quotes", "status = 'draft'");
        if (quote.isEmpty()) {
            return NOTHING_TO_DO;
        }
        int rows =
                crm.update(
                        "UPDATE crm.quote_lines SET quantity = ? WHERE quote_id = ? AND line = 1",
                        BigDecimal.valueOf(crm.random().nextInt(1, 50_000), 3),
                        quote.get());
        crm.update(
                "UPDATE crm.quotes SET total = (SELECT coalesce(sum(amount), 0)"
                        + " FROM crm.quote_lines WHERE quote_id = ?), modified_by = ?"
                        + " WHERE id = ?",
                quote.get(),
                crm.actor(),
                quote.get());
        return rows > 0 ? COMMIT : NOTHING_TO_DO;
    }

    /** Reads before it writes, and so asks for serializable: some of these are turned away. */
    static End acceptQuote(CrmClient crm) throws SQLException {
        crm.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
        Optional<Long> quote = crm.pick("quotes", "status <> 'accepted'");
        if (quote.isEmpty()) {
            return NOTHING_TO_DO;
        }
        List<List<Object>> accepted =
                crm.query(
                        "SELECT a.id FROM crm.quotes q JOIN crm.quotes a"
                                + " ON a.opportunity_id = q.opportunity_id"
                                + " WHERE q.id = ? AND a.status = 'accepted'",
                        quote.get());
        if (!accepted.isEmpty()) {
            crm.update(
                    "UPDATE crm.quotes SET status = 'sent', modified_by = ? WHERE id = ?",
                    crm.actor(),
                    accepted.get(0).get(0));
        }
        crm.update(
                "UPDATE crm.quotes SET status = 'accepted', modified_by = ? WHERE id = ?",
                crm.actor(),
                quote.get());
        crm.update(
                "UPDATE crm.opportunities o SET amount = q.total, modified_by = ?"
                        + " FROM crm.quotes q WHERE q.id = ? AND o.id = q.opportunity_id",
                crm.actor(),
                quote.get());
        return COMMIT;
    }

    static End changePrice(CrmClient crm) throws SQLException {
        Optional<Long> product = crm.pick("products");
        if (product.isEmpty()) {
            return NOTHING_TO_DO;
        }
        crm.update(
                "UPDATE crm.products SET price = ?, attributes = attributes || ?::jsonb,"
                        + " weight = ? WHERE id = ?",
                BigDecimal.valueOf(crm.random().nextLong(1, 900_000), 2),
                crm.words().json(),
                crm.random().nextDouble() * 50,
                product.get());
        return COMMIT;
    }

    static End planTarget(CrmClient crm) throws SQLException {
        crm.update(
                "INSERT INTO \"Sales Ops\".\"Größen & Ziele\" AS z (\"Quartal/Jahr\","
                        + " \"Verkäufer\", \"Ziel in €\", \"Say \"\"hi\"\"\")"
                        + " SELECT ?, id, ?, ? FROM crm.users WHERE login = ?"
                        + " ON CONFLICT (\"Quartal/Jahr\", \"Verkäufer\") DO UPDATE"
                        + " SET \"Ziel in €\" = excluded.\"Ziel in €\","
                        + " \"select\" = NOT z.\"select\"",
                "Q" + crm.random().nextInt(1, 5) + "/2027",
                BigDecimal.valueOf(crm.random().nextLong(90_000_000), 2),
                crm.words().sentence(4),
                crm.actor());
        return COMMIT;
    }
}
