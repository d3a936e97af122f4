package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidemark mark}: what is committed when it is called can be gone back to by the name. */
final class MarkIT {
    @TempDir private Path directory;

    @Test
    void whatWasCommittedBeforeAMarkIsInItAndNothingElse() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}")) {
            tidemark.execute("crm", "CREATE TABLE public.deal (id int PRIMARY KEY)");
            tidemark.succeed("init");
            Outcome idle = tidemark.tidemark("mark", "too early");
            tidemark.service("run");
            tidemark.awaitLogged("run", 0, "as session");
            tidemark.execute("crm", "INSERT INTO public.deal SELECT generate_series(1, 100)");

            Outcome marked = tidemark.succeed("mark", "before the import", "--note", "price list");
            tidemark.execute("crm", "DELETE FROM public.deal");
            Outcome later = tidemark.succeed("mark", "after", "--json");

            assertThat(idle.code()).isEqualTo(3);
            assertThat(idle.err())
                    .contains("no capture streams from the slot 'tidemark_crm'")
                    .contains("HINT: Start the services with 'tidemark run'.");
            assertThat(marked.out())
                    .matches("marked 'before the import': 20.*Z \\(0/[0-9A-F]+\\)\n");
            assertThat(later.out()).contains("\"name\" : \"after\"");
            assertThat(tidemark.succeed("mark").out())
                    .containsPattern("0/[0-9A-F]+ +before the import +price list\n");
            tidemark.restored("before", "--to", "mark:before the import");
            tidemark.restored("later", "--to", "mark:after");
            assertThat(tidemark.ask("before", "SELECT count(*) FROM public.deal")).isEqualTo("100");
            assertThat(tidemark.ask("later", "SELECT count(*) FROM public.deal")).isEqualTo("0");
            assertThat(tidemark.succeed("verify").out()).startsWith("whole: ");
            assertThat(tidemark.succeed("mark", "after", "--remove").out())
                    .startsWith("removed 'after': 20");
            Outcome gone = tidemark.tidemark("restore", "--to", "mark:after", "--dry-run");
            assertThat(gone.code()).isEqualTo(3);
            assertThat(gone.err()).contains("there is no mark 'after' in the archive ");
        }
    }
}
