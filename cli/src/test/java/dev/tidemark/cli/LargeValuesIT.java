package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that are a good part of the heap that a service has. */
final class LargeValuesIT {
    /** {@code -Dlarge.mebibytes=100} tries more. */
    private static final int MEBIBYTES = Integer.getInteger("large.mebibytes", 64);

    /** {@code bytea}, which takes twice as much as text. */
    private static final String TYPE = System.getProperty("large.type", "text");

    /** Quicker than to make another. */
    private static final String COPY =
            "INSERT INTO public.%s (id, v) SELECT %d, v FROM public.large WHERE id = 1";

    /** A row of 90 MB, of which no value is large. */
    private static final String WIDE =
            "INSERT INTO public.wide VALUES (1, %s)"
                    .formatted(String.join(", ", Collections.nCopies(100, "repeat('w', 900000)")));

    private static final String LIMIT = "capture: {row-max-bytes: 2MiB}";

    @TempDir private Path directory;

    @Tag("long")
    @Test
    void largeValuesFitIntoTheHeapOfAServiceUpToALimitThatNamesThem() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\n" + LIMIT)) {
            tidemark.startAsLaunched();
            tidemark.execute(
                    "crm",
                    """
                    CREATE TABLE public.large (id int PRIMARY KEY, v %1$s, other int);
                    ALTER TABLE public.large ALTER v SET STORAGE EXTERNAL;
                    CREATE TABLE public.full_image (id int, v %1$s);
                    ALTER TABLE public.full_image ALTER v SET STORAGE EXTERNAL;
                    CREATE TABLE public.wide (id int PRIMARY KEY, %3$s);
                    CREATE FUNCTION public.noise(mebibytes int) RETURNS %1$s LANGUAGE sql
                        AS $$SELECT string_agg(%2$s, '') FROM generate_series(1, mebibytes * 1023 * 32) i$$;
                    """
                            .formatted(
                                    TYPE,
                                    TYPE.equals("text")
                                            ? "md5(i::text) || CASE WHEN i % 32 = 0 THEN '\\' ELSE '' END"
                                            : "sha256(i::text::bytea)",
                                    IntStream.range(0, 100)
                                            .mapToObj(i -> "c" + i + " text")
                                            .collect(Collectors.joining(", "))));
            tidemark.execute("crm", insert("large", 1, MEBIBYTES));
            Outcome init = tidemark.process("init");
            assertThat(init.code()).as(init.err()).isZero();

            stopsAtTheLimit(tidemark);
            tidemark.reconfigure(LIMIT, "");
            tidemark.service("run");
            tidemark.execute("crm", COPY.formatted("large", 2));
            tidemark.execute("crm", "UPDATE public.large SET other = 1");
            tidemark.execute("crm", "UPDATE public.large SET id = id + 10");
            tidemark.execute("crm", WIDE);
            tidemark.execute("crm", COPY.formatted("full_image", 1));
            tidemark.execute("crm", "UPDATE public.full_image SET id = 2, v = v || 'x'");
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);

            tidemark.execute("postgres", "CREATE DATABASE restored");
            String[] command = {
                "restore",
                "--to",
                truth.position().toString(),
                "--into",
                tidemark.database("restored").url().toString()
            };
            Outcome restore =
                    TYPE.equals("text") ? tidemark.process(command) : tidemark.tidemark(command);
            assertThat(restore.code()).as(restore.err()).isZero();
            assertThat(tidemark.rows("restored")).isEqualTo(truth.tables());
        }
    }

    /** Two rows in a transaction, of which the second is too large. */
    private static void stopsAtTheLimit(Deployment tidemark) throws Exception {
        Process service = tidemark.service("run");
        tidemark.awaitLogged("run", 0, "capturing");

        tidemark.execute(
                "crm", "BEGIN;" + insert("large", 6, 1) + insert("large", 7, 3) + "COMMIT;");

        assertThat(service.waitFor(60, TimeUnit.SECONDS)).as(tidemark.log("run", 0)).isTrue();
        assertThat(service.exitValue()).as(tidemark.log("run", 0)).isEqualTo(3);
        long bytes = 3 * 1023 * 1025L;
        if (TYPE.equals("text")) {
            assertThat(tidemark.log("run", 0))
                    .endsWith(
                            """
                            error: the row id=7 of table public.large has %d bytes, %d of them in column v, and capture.row-max-bytes allows 2097152
                            HINT: Nothing is lost: the source keeps what comes from here on in its log. Raise capture.row-max-bytes, and TIDEMARK_HEAP to twice that; capture goes on with this row.
                            """
                                    .formatted(bytes + 20, bytes));
        }
    }

    /** Text that compresses to a half, with a backslash in each kilobyte. */
    private static String insert(String table, int id, int mebibytes) {
        return "INSERT INTO public.%s (id, v) SELECT %d, public.noise(%d);"
                .formatted(table, id, mebibytes);
    }
}
