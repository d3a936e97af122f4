package dev.tidemark.replay.query;

import static dev.tidemark.replay.query.AskedArchive.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers are those of the moment, also of an encrypted archive. */
class ArchiveSqlTest {
    private static final String EARLIER =
            " What was renamed or dropped since is there with --as-of an earlier moment.";

    @TempDir Path folder;

    private AskedArchive archive;

    @BeforeEach
    void write() throws Exception {
        archive = AskedArchive.of(folder, Samples.KEYS);
    }

    private List<String> ask(long position, String sql) throws Exception {
        return AskedArchive.rows(archive.asOf(position).ask(sql, LIMITS));
    }

    @Test
    void aTableHasTheRowsAndColumnsOfTheMoment() throws Exception {
        String sql = "SELECT * FROM public.contact ORDER BY id";

        assertThat(ask(1, sql)).containsExactly("1|Anna|1980-01-02", "2|Bert|NULL");
        assertThat(ask(3, sql)).containsExactly("1|Änne|1980-01-02", "2|Bert|NULL", "3|Cleo|NULL");
        assertThat(ask(5, sql)).containsExactly("1|Änne|1980-01-02|0.00", "3|Cleo|infinity|12.50");
    }

    @Test
    void columnsHaveTypes() throws Exception {
        Answer answer =
                archive.asOf(4)
                        .ask("SELECT id, \"full name\", born, owed FROM contact LIMIT 0", LIMITS);

        assertThat(answer.columns())
                .containsExactly(
                        new AnswerColumn("id", "INTEGER", true),
                        new AnswerColumn("full name", "VARCHAR", false),
                        new AnswerColumn("born", "DATE", false),
                        new AnswerColumn("owed", "DECIMAL(10,2)", true));
    }

    @Test
    void aHistoryHasEachChangeOfTheWindow() throws Exception {
        String sql =
                """
                SELECT _number, _change_type, id, "full name", born, _position, _tx, _actor, _actor_known, _before_known, _before.id, _unknown
                FROM history.contact ORDER BY _number, id
                """;

        assertThat(ask(5, sql))
                .containsExactly(
                        "1|base|1|Anna|1980-01-02|0/1|NULL|NULL|NULL|NULL|NULL|NULL",
                        "1|base|2|Bert|NULL|0/1|NULL|NULL|NULL|NULL|NULL|NULL",
                        "2|insert|3|Cleo|NULL|0/2|702|Cleo|claimed|NULL|NULL|[]",
                        "3|update|1|Änne|NULL|0/3|703|unknown|unknown|key|1|[\"born\"]",
                        "4|delete|2|NULL|NULL|0/4|704|unknown|unknown|key|2|[\"full name\",\"born\",\"owed\"]",
                        "5|update|3|Cleo|infinity|0/5|705|ann|said|key|3|[]");
        assertThat(AskedArchive.rows(archive.between(Optional.of(3L), 4).ask(sql, LIMITS)))
                .containsExactly(
                        "1|update|1|Änne|NULL|0/3|703|unknown|unknown|key|1|[\"born\"]",
                        "2|delete|2|NULL|NULL|0/4|704|unknown|unknown|key|2|[\"full name\",\"born\",\"owed\"]");
    }

    @Test
    void valuesOfATypeThatAColumnHadAreNotRoundedToTheOneThatItHas() throws Exception {
        archive.narrow();

        assertThat(
                        ask(
                                7,
                                "SELECT id, owed FROM history.contact WHERE owed IS NOT NULL ORDER BY _number"))
                .containsExactly("3|12.50", "4|1.00", "5|7");
        assertThat(archive.warnings())
                .contains(
                        "of public.contact these columns are text, since they had values of another type in that time: owed");
    }

    @Test
    void transactionsAreThoseOfTheWindow() throws Exception {
        String sql =
                "SELECT position, xid, commit_time, changes, actor, reason FROM transactions ORDER BY xid";

        assertThat(ask(4, sql))
                .containsExactly(
                        "0/2|702|2026-11-20T12:00:02Z|1|unknown|NULL",
                        "0/3|703|2026-11-20T12:00:03Z|1|unknown|NULL",
                        "0/4|704|2026-11-20T12:00:04Z|2|unknown|NULL");
        assertThat(AskedArchive.rows(archive.between(Optional.of(3L), 3).ask(sql, LIMITS)))
                .containsExactly("0/3|703|2026-11-20T12:00:03Z|1|unknown|NULL");
        assertThat(ask(5, "SELECT actor, reason FROM transactions WHERE xid = 705"))
                .containsExactly("ann|ticket 1");
    }

    @Test
    void queriesOfItsOwnAndSubqueriesNameTablesToo() throws Exception {
        assertThat(
                        ask(
                                5,
                                """
                                WITH contact AS (SELECT id FROM public.contact WHERE id IN (SELECT max(id) FROM history.public.contact))
                                SELECT c.id, (SELECT count(*) FROM note), (SELECT count(*) FROM transactions) FROM contact c
                                """))
                .containsExactly("3|1|4");
    }

    @Test
    void valuesOfEveryTypeAreShownAsWhatTheyAre() throws Exception {
        assertThat(
                        ask(
                                1,
                                """
                                SELECT 'infinity'::date, '-infinity'::date, 'infinity'::timestamp, '-infinity'::timestamptz,
                                  '2026-03-29 02:30:00.000001'::timestamp, '2026-01-02 03:04:05+01'::timestamptz, '24:00:00'::time,
                                  '1 month'::interval, [1, NULL], {'a': 'x', 'b': [1.50]}, '{"a": 1.10}'::json, '\\xAA'::blob, 'NaN'::double,
                                  0.0000001::decimal(10,9), 170141183460469231731687303715884105727::hugeint, true, ''
                                """))
                .containsExactly(
                        "infinity|-infinity|infinity|-infinity|2026-03-29T02:30:00.000001|2026-01-02T02:04:05Z|24:00:00"
                                + "|1 month|[1,null]|{\"a\":\"x\",\"b\":[1.50]}|{\"a\": 1.10}|\\xaa|NaN|0.000000100"
                                + "|170141183460469231731687303715884105727|true|");
    }

    @Test
    void tablesAreListedAndDescribed() throws Exception {
        assertThat(
                        ask(
                                5,
                                "SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL"))
                .containsExactly("main|transactions", "public|contact", "public|note");
        assertThat(ask(5, "SELECT column_name, column_type FROM (DESCRIBE public.contact)"))
                .containsExactly(
                        "id|INTEGER", "full name|VARCHAR", "born|DATE", "owed|DECIMAL(10,2)");
        assertThat(ask(5, "SHOW TABLES")).isNotEmpty();
        assertThat(ask(5, "DESCRIBE history.contact")).hasSize(14);
        assertThat(ask(5, "EXPLAIN SELECT * FROM contact")).isNotEmpty();
        assertThat(ask(5, "SUMMARIZE contact")).hasSize(4);
        assertThat(ask(5, "VALUES (1, 'a'), (2, NULL)")).containsExactly("1|a", "2|NULL");
    }

    @Test
    void aMergedArchiveGivesTheSameAnswers() throws Exception {
        String rows = "SELECT * FROM public.contact ORDER BY id";
        String history =
                "SELECT * EXCLUDE (_unknown, born) FROM history.contact ORDER BY _number, id";
        List<String> before = ask(5, rows);
        List<String> told = ask(5, history);

        MergedByHand.replace(archive.written().archive(), folder);

        assertThat(ask(5, rows)).isEqualTo(before);
        assertThat(ask(5, history)).isEqualTo(told);
    }

    @Test
    void whatCannotBeAnsweredIsSaid() throws Exception {
        refused(
                "SELECT * FROM contacts",
                "there is no table contacts at that moment",
                "The nearest names there are public.contact, public.note, transactions." + EARLIER);
        refused(
                "SELECT * FROM history.notes",
                "there is no table history.notes at that moment",
                "The nearest names there are history.public.note, history.public.contact."
                        + EARLIER);
        refused(
                "SELECT idd FROM contact",
                "the SQL is wrong: Binder Error: Referenced column \"idd\" not found in FROM clause!\n"
                        + "Candidate bindings: \"id\", \"owed\"\n\nLINE 1: SELECT idd FROM contact\n               ^^^",
                "Mend it, or see docs/sql.md for what there is.");
        refused(
                "SELECT *\nFRO contact",
                "the SQL is wrong at line 2, column 5: syntax error at or near \"contact\"",
                "Mend it there.");
        refused("", "there is no SQL", "Give a SELECT.");
    }

    private void refused(String sql, String message, String hint) {
        TidemarkException refused =
                catchThrowableOfType(
                        TidemarkException.class, () -> archive.asOf(5).ask(sql, LIMITS));

        assertThat(refused).as(sql).hasMessage(message);
        assertThat(refused.hint()).isEqualTo(hint);
    }

    @Test
    void whatIsPastTheLimitsIsEndedAndSaid() throws Exception {
        String endless =
                "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range < 0";
        Limits brief = new Limits(256L << 20, 1L << 30, Duration.ofMillis(300), 1_000);
        Limits small = new Limits(40L << 20, 1L << 20, Duration.ofMinutes(2), 1_000);

        TidemarkException late =
                catchThrowableOfType(
                        TidemarkException.class, () -> archive.asOf(5).ask(endless, brief));
        TidemarkException large =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                archive.asOf(5)
                                        .ask(
                                                "SELECT count(DISTINCT a.range * 7919 + b.range) FROM range(3000) a, range(3000) b",
                                                small));
        Answer part =
                archive.asOf(5)
                        .ask(
                                "FROM range(5)",
                                new Limits(256L << 20, 1L << 30, Duration.ofMinutes(2), 3));

        assertThat(late.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
        assertThat(late).hasMessage("the question took longer than 0.3 s");
        assertThat(large.kind()).as(large.toString()).isEqualTo(TidemarkException.Kind.REFUSED);
        assertThat(large.getMessage()).startsWith("the question needs more memory: ");
        assertThat(part.hasMore()).isTrue();
        assertThat(AskedArchive.rows(part)).containsExactly("0", "1", "2");
    }

    @Test
    void aValueThatItsTypeCannotHoldMakesTheColumnText() throws Exception {
        ArchiveSql sql = archive.asOf(6);

        Answer answer = sql.ask("SELECT born FROM contact WHERE id = 4", LIMITS);

        assertThat(AskedArchive.rows(answer)).containsExactly("0044-03-15 BC");
        assertThat(answer.columns()).containsExactly(new AnswerColumn("born", "VARCHAR", false));
        assertThat(archive.warnings())
                .contains(
                        "of public.contact these columns are text, since DuckDB's type cannot hold some value: born");
    }
}
