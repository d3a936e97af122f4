package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After {@code tidemark merge} every answer is what it was, from fewer files. */
final class MergeIT {
    private static final List<String> WORK =
            List.of(
                    """
                    INSERT INTO public.deal SELECT n, n % 2 = 0, n::bigint << 40, '2026-11-20', '2026-11-20 12:00:00.5',
                      '2026-11-20 12:00:00+02', 'new', repeat(md5(n::text), 200) FROM generate_series(1, 200) n;
                    INSERT INTO public.account SELECT n, 'a' || n, repeat(md5(n::text), 200) FROM generate_series(1, 50) n;
                    INSERT INTO public.visit SELECT '2026-11-20', 'a' FROM generate_series(1, 20);
                    """,
                    """
                    UPDATE public.deal SET stage = 'won', won = NOT won WHERE id % 3 = 0;
                    UPDATE public.deal SET due = 'infinity', at = '0044-03-15 BC', told = '-infinity' WHERE id = 7;
                    UPDATE public.account SET name = name || '!' WHERE id % 2 = 0;
                    """,
                    """
                    UPDATE public.deal SET id = id + 1000 WHERE id % 50 = 0;
                    UPDATE public.deal SET stage = 'moved' WHERE id > 1000;
                    DELETE FROM public.deal WHERE id = 9;
                    DELETE FROM public.visit WHERE ctid = (SELECT min(ctid) FROM public.visit);
                    """,
                    """
                    ALTER TABLE public.deal ADD worth int DEFAULT 7;
                    UPDATE public.deal SET worth = NULL WHERE id = 7;
                    INSERT INTO public.deal (id, stage) VALUES (9, 'again');
                    """,
                    """
                    TRUNCATE public.account;
                    INSERT INTO public.account VALUES (1, 'b1', 'small');
                    """,
                    "UPDATE public.deal SET stage = 'lost' WHERE id = 7");

    @TempDir private Path directory;

    @Test
    void everyAnswerIsTheSameAfterAMerge() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}")) {
            tidemark.execute(
                    "crm",
                    """
                    CREATE TABLE public.deal (id int PRIMARY KEY, won bool, big bigint, due date, at timestamp,
                      told timestamptz, stage text, note text);
                    ALTER TABLE public.deal ALTER note SET STORAGE EXTERNAL;
                    CREATE TABLE public.account (id bigint PRIMARY KEY, name text, note text);
                    ALTER TABLE public.account REPLICA IDENTITY FULL;
                    ALTER TABLE public.account ALTER note SET STORAGE EXTERNAL;
                    CREATE TABLE public.visit (at timestamptz, who text);
                    """);
            tidemark.succeed("init");
            tidemark.service("run");
            List<Deployment.Truth> truths = new ArrayList<>();
            for (String work : WORK) {
                tidemark.execute("crm", work);
                Deployment.Truth truth = tidemark.truth();
                tidemark.awaitArchivedPast(truth.position(), truth.time());
                truths.add(truth);
            }
            List<List<String>> questions = new ArrayList<>();
            questions.add(List.of("history", "deal", "7"));
            questions.add(List.of("history", "deal", "9", "--json"));
            questions.add(List.of("history", "deal", "1100", "--json"));
            questions.add(List.of("history", "account", "2"));
            for (Deployment.Truth truth : truths) {
                questions.add(List.of("tx", truth.position().toString(), "--json"));
            }
            Map<List<String>, String> before = answers(tidemark, questions);

            Deployment.Outcome merged = tidemark.succeed("merge", "--all");
            Map<List<String>, String> after = answers(tidemark, questions);
            Deployment.Outcome again = tidemark.succeed("merge");

            assertThat(merged.out())
                    .matches(
                            """
                            (?s)\\d+ segments with \\d+ changes are 1 now: \\d+ files \\(.*\\) instead of \\d+ files \\(.*\\)\\.
                            \\d+ files of what was merged stay for 6 h; a merge after that deletes them\\.
                            """);
            assertThat(after).isEqualTo(before);
            for (Deployment.Truth truth : truths) {
                assertThat(
                                tidemark.restored(
                                        "at" + truth.position().value(),
                                        "--to",
                                        truth.position().toString()))
                        .isEqualTo(truth.tables());
            }
            for (String level : List.of("files", "hashes", "rebuild")) {
                assertThat(tidemark.succeed("verify", "--level", level).out())
                        .startsWith("whole: ");
            }
            assertThat(again.out()).startsWith("There is nothing to merge: ");
            assertThat(tidemark.succeed("ledger").out()).contains("merge ");
        }
    }

    private static Map<List<String>, String> answers(
            Deployment tidemark, List<List<String>> questions) throws Exception {
        Map<List<String>, String> answers = new LinkedHashMap<>();
        for (List<String> question : questions) {
            answers.put(question, tidemark.succeed(question.toArray(String[]::new)).out());
        }
        return answers;
    }
}
