package dev.tidemark.cli.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Opportunities, products, quotes with their lines, and the targets of sales operations. */
final class FillSales {
    private static final int LINES = 3;

    private final FillPart part;
    private final CrmWords words;

    FillSales(Connection connection, CrmSize size, SplittableRandom random) {
        this.part = FillPart.of(connection, size, random);
        this.words = part.words();
    }

    long copy() throws SQLException {
        return copyTo(
                        "crm.opportunities (id, account_id, primary_contact_id, name, stage,"
                                + " stages_seen, amount, probability, close_date, created_at,"
                                + " modified_at, modified_by)",
                        this::opportunities)
                + copyTo(
                        "crm.products (id, sku, name, price, weight, attributes, keywords)",
                        this::products)
                + copyTo(
                        "crm.quotes (id, number, opportunity_id, status, valid_until, total,"
                                + " modified_at, modified_by)",
                        this::quotes)
                + copyTo(
                        "crm.quote_lines (quote_id, line, product_id, quantity, unit_price,"
                                + " discount)",
                        this::quoteLines)
                + copyTo("\"Sales Ops\".\"Größen & Ziele\"", this::targets);
    }

    private long copyTo(String target, CopyRows.Rows rows) throws SQLException {
        return CopyRows.copy(part.connection(), target, rows);
    }

    private void opportunities(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().opportunities(); id++) {
            Instant created = part.moment();
            int stage = part.random().nextInt(CrmWords.STAGES.size());
            out.row(
                    id,
                    part.id(part.size().accounts()),
                    part.orNull(0.2, part.id(part.size().contacts())),
                    words.sentence(3),
                    CrmWords.STAGES.get(stage),
                    CrmWords.STAGES.subList(0, stage + 1),
                    part.money(250_000_00L),
                    part.random().nextInt(101),
                    part.orNull(0.2, part.day()),
                    created,
                    created,
                    part.user());
        }
    }

    private void products(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().products(); id++) {
            out.row(
                    id,
                    "SKU-" + id,
                    words.sentence(2),
                    part.money(9_000_00L),
                    part.orNull(0.3, part.random().nextDouble() * 50),
                    words.json(),
                    List.of(words.oneOf(CrmWords.TAGS), words.city()));
        }
    }

    private void quotes(CopyRows out) throws SQLException {
        for (int id = 1; id <= part.size().quotes(); id++) {
            out.row(
                    id,
                    "Q-" + id,
                    part.id(part.size().opportunities()),
                    part.chance(0.5) ? "draft" : "sent",
                    part.orNull(0.2, part.day()),
                    part.money(99_000_00L),
                    part.moment(),
                    part.user());
        }
    }

    private void quoteLines(CopyRows out) throws SQLException {
        for (int quote = 1; quote <= part.size().quotes(); quote++) {
            for (int line = 1; line <= LINES; line++) {
                out.row(
                        quote,
                        line,
                        part.id(part.size().products()),
                        BigDecimal.valueOf(part.id(20_000), 3),
                        part.money(9_000_00L),
                        BigDecimal.valueOf(part.random().nextInt(300), 3));
            }
        }
    }

    private void targets(CopyRows out) throws SQLException {
        for (int user = 1; user <= part.size().users(); user++) {
            for (String quarter : List.of("Q3/2026", "Q4/2026")) {
                out.row(
                        quarter,
                        user,
                        part.money(900_000_00L),
                        part.chance(0.2),
                        part.orNull(0.5, words.sentence(4)));
            }
        }
    }
}
