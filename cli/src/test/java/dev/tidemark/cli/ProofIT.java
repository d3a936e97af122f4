package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, anchors and {@code verify} as an operator has them. */
final class ProofIT {
    @TempDir private Path directory;

    @Test
    void aSignedArchiveIsProvenAndItsRollBackIsSeenByEachAnchor() throws Exception {
        Path key = directory.resolve("signing.pem");
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        """
                        segment: {max-age: 1s}
                        capture: {heartbeat: 500ms}
                        proof: {signing-key: %s, trusted-keys: %s.pub}
                        """
                                .formatted(key, key))) {
            tidemark.execute("crm", "CREATE TABLE public.deal (id int PRIMARY KEY)");
            tidemark.succeed("keygen", "--signing", key.toString());
            tidemark.succeed("init");
            Process service = tidemark.service("run");
            tidemark.awaitLogged("run", 0, "as session");
            tidemark.execute("crm", "INSERT INTO public.deal SELECT generate_series(1, 100)");
            tidemark.succeed("mark", "before");
            Path anchor = directory.resolve("anchor.json");
            String file = anchor.toString();
            tidemark.succeed("anchor", "--into", file);
            assertThat(tidemark.succeed("anchor", "--into", "source").out())
                    .startsWith("anchored manifest ")
                    .endsWith(" in source\n");

            Deployment.Outcome anchored =
                    tidemark.succeed(
                            "verify", "--anchor", file, "--anchor", "source", "--anchor", "log");
            Deployment.Outcome alone = tidemark.succeed("verify", "--json");

            assertThat(anchored.out())
                    .startsWith("whole: ")
                    .containsPattern("signed: \\d+ of \\d+ manifests by trusted keys\n")
                    .endsWith(
                            "anchored: the archive is the one that was written down (%s, source, log), or continues it\n"
                                    .formatted(file));
            assertThat(alone.out())
                    .contains(
                            "\"verdict\" : \"GOOD\"", "\"signed\" : true", "\"anchored\" : false");
            Deployment.signal(service, "TERM");
            service.waitFor();
            withoutAKeyNothingIsPublished(tidemark, key);
            rollBack(directory.resolve("archive"));
            assertThat(tidemark.succeed("verify").out())
                    .endsWith(
                            "roll back: not checkable without an anchor: an older state of the archive looks the same\n");
            for (String place : List.of(file, "source", "log")) {
                Deployment.Outcome seen = tidemark.tidemark("verify", "--anchor", place);
                assertThat(seen.code()).as(seen.err()).isEqualTo(8);
                assertThat(seen.out())
                        .contains("the archive ends with manifest 0, and ", "NOT WHOLE (DIVERGED)");
            }
        }
    }

    private void withoutAKeyNothingIsPublished(Deployment tidemark, Path key) throws Exception {
        Path unsigned = tidemark.configuration("unsigned", "signing-key: " + key + ", ", "");

        Deployment.Outcome refused = tidemark.tidemark(unsigned, "mark", "before", "--remove");

        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains(", and there is no key to go on with\nHINT: Set proof.signing-key. ");
    }

    private static void rollBack(Path archive) throws Exception {
        try (Stream<Path> manifests = Files.list(archive.resolve("manifests"))) {
            for (Path manifest : manifests.sorted().skip(1).toList()) {
                Files.delete(manifest);
            }
        }
    }
}
