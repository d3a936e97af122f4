package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidemark base} makes what a base from the source would be, while the services work. */
final class FoldedBaseIT {
    @TempDir private Path directory;

    @Test
    void aBaseFromTheArchiveEqualsTheSourceAndIsWhereRestoresBegin() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        """
                        segment: {max-age: 1s}
                        capture: {heartbeat: 500ms}
                        retention: {keep-bases: {daily: 1}}
                        """)) {
            tidemark.execute(
                    "crm",
                    """
                    CREATE TABLE public.deal (id int PRIMARY KEY, stage text, note text);
                    ALTER TABLE public.deal ALTER note SET STORAGE EXTERNAL;
                    CREATE TABLE public.country (code text PRIMARY KEY, name text);
                    CREATE TABLE public.visit (at timestamptz, who text);
                    INSERT INTO public.deal SELECT n, 'new', repeat(md5(n::text), 200) FROM generate_series(1, 500) n;
                    INSERT INTO public.country SELECT n::text, 'c' || n FROM generate_series(1, 100) n;
                    """);
            tidemark.succeed("init");
            tidemark.service("run");
            tidemark.execute(
                    "crm",
                    """
                    UPDATE public.deal SET stage = 'won' WHERE id % 3 = 0;
                    UPDATE public.deal SET id = id + 1000 WHERE id % 50 = 0;
                    DELETE FROM public.deal WHERE id % 7 = 0;
                    INSERT INTO public.visit SELECT '2026-11-20', 'a' FROM generate_series(1, 20);
                    """);
            tidemark.execute(
                    "crm",
                    "ALTER TABLE public.deal ADD worth int DEFAULT 7; CREATE INDEX ON public.deal (stage)");
            Truth before = archived(tidemark);

            Outcome made = tidemark.succeed("base");
            String position = made.out().replaceFirst("(?s).* as of (\\S+) .*", "$1");
            tidemark.execute(
                    "crm",
                    """
                    UPDATE public.deal SET worth = id WHERE id < 200;
                    DELETE FROM public.visit WHERE ctid = (SELECT min(ctid) FROM public.visit);
                    ALTER TABLE public.deal DROP note;
                    TRUNCATE public.country;
                    """);
            Truth after = archived(tidemark);
            Outcome plan =
                    tidemark.succeed("restore", "--to", after.position().toString(), "--dry-run");
            Outcome there = tidemark.succeed("restore", "--to", position, "--dry-run");
            Outcome transaction = tidemark.succeed("tx", position);
            Outcome again = tidemark.succeed("base");

            assertThat(made.out())
                    .matches(
                            "The new base is as of 0/[0-9A-F]+ \\(20.*Z\\): 5.. rows of 3 tables, 2 of which had changed and take .*\\.\n");
            assertThat(plan.out()).contains("base      at " + position + ", ");
            assertThat(there.out())
                    .contains("base      at " + position, "segments  0 ", "left out  0 ");
            assertThat(transaction.out()).contains(" at " + position + ", committed 20");
            assertThat(again.out()).contains("rows of 3 tables");
            assertThat(tidemark.restored("before", "--to", before.position().toString()))
                    .isEqualTo(before.tables());
            assertThat(tidemark.restored("after", "--to", after.position().toString()))
                    .isEqualTo(after.tables());
            assertThat(tidemark.restored("latest", "--to", "latest")).isEqualTo(after.tables());
            assertThat(
                            tidemark.ask(
                                    "latest",
                                    "SELECT count(*) FROM pg_index WHERE indrelid = 'public.deal'::regclass"))
                    .isEqualTo("2");
            assertThat(tidemark.succeed("verify").out()).startsWith("whole: ");
            assertThat(tidemark.succeed("info").out()).contains("bases     3 (");
            assertThat(tidemark.succeed("ledger").out())
                    .containsSubsequence("verify ", "restore ", "base ", "base ", "init ")
                    .contains("good ", "@")
                    .contains("init: 1 of 1 good\nbase: 2 of 2 good\nverify: 1 of 1 good\n")
                    .containsPattern(
                            "\nrestore: 3 of 3 good, recovery time .+ \\(median\\), .+ \\(longest\\)\n"
                                    + "backup ratio: [0-9.]+ \\(.+ of rows as text, restored last, and .+ in the newest base\\)\n$");
            assertThat(tidemark.succeed("ledger", "--limit", "1", "--json").out())
                    .contains("\"kind\" : \"VERIFY\"");

            Outcome shown = tidemark.succeed("expire");
            Outcome gone = tidemark.succeed("expire", "--confirm");

            assertThat(shown.out())
                    .contains(
                            "1 base  ",
                            "neither in the restore window nor one of the bases to keep")
                    .endsWith(
                            "\nNothing was changed. With --confirm it goes, and cannot be restored any more.\n");
            assertThat(gone.out()).contains("\nThat is gone. Its files stay for 6 h; ");
            assertThat(tidemark.succeed("info").out()).contains("bases     2 (");
            assertThat(tidemark.restored("kept", "--to", after.position().toString()))
                    .isEqualTo(after.tables());
            assertThat(tidemark.succeed("verify").out()).startsWith("whole: ");
        }
    }

    private static Truth archived(Deployment tidemark) throws Exception {
        Truth truth = tidemark.truth();
        tidemark.awaitArchivedPast(truth);
        return truth;
    }

    @Test
    void optionsOfABaseFromTheSourceAreRefusedWithoutIt() throws Exception {
        try (Deployment tidemark =
                Deployment.start(directory, PostgresBinaries.onClassPath(), "")) {
            Outcome refused = tidemark.tidemark("base", "--confirm");
            Outcome none = tidemark.tidemark("base");

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .isEqualTo(
                            """
                            error: --confirm, --new-system and --reason are for --from-source
                            HINT: A base from the archive loses nothing and needs none of them.
                            """);
            assertThat(none.code()).isEqualTo(3);
            assertThat(none.err()).contains("there is no archive at ");
        }
    }
}
