package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainCheck;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.SignatureRule;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.replay.verify.Checked;
import dev.tidemark.replay.verify.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
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

            Outcome anchored =
                    tidemark.succeed(
                            "verify", "--anchor", file, "--anchor", "source", "--anchor", "log");
            Outcome alone = tidemark.succeed("verify", "--json");

            assertThat(anchored.out())
                    .startsWith("whole: ")
                    .containsPattern(
                            "signed: \\d+ of \\d+ manifests of the chain by trusted keys\n")
                    .endsWith(
                            "anchored: the archive is the one that was written down (%s, source, log), or continues it\n"
                                    .formatted(file));
            assertThat(alone.out())
                    .contains(
                            "\"verdict\" : \"GOOD\"", "\"signed\" : true", "\"anchored\" : false");
            nobodyElseComesToTheAnchors(tidemark);
            Deployment.signal(service, "TERM");
            service.waitFor();
            aRunThatWasCutOffIsGoneOnWith(tidemark);
            withoutAKeyNothingIsPublished(tidemark, key);
            rollBack(directory.resolve("archive"));
            assertThat(tidemark.succeed("verify").out())
                    .endsWith(
                            "roll back: not checkable without an anchor: an older state of the archive looks the same\n");
            for (String place : List.of(file, "source", "log")) {
                Outcome seen = tidemark.tidemark("verify", "--anchor", place);
                assertThat(seen.code()).as(seen.err()).isEqualTo(8);
                assertThat(seen.out())
                        .contains("the archive ends with manifest 0, and ", "NOT WHOLE (DIVERGED)");
            }
        }
    }

    private static void nobodyElseComesToTheAnchors(Deployment tidemark) {
        for (String deed :
                List.of(
                        "SELECT FROM tidemark.anchor",
                        "INSERT INTO tidemark.anchor (content) VALUES ('{}')",
                        "UPDATE tidemark.anchor SET content = '{}'",
                        "DELETE FROM tidemark.anchor",
                        "TRUNCATE tidemark.anchor")) {
            assertThatThrownBy(() -> tidemark.execute("crm", "SET ROLE tidemark; " + deed))
                    .hasMessage("ERROR: permission denied for table anchor");
        }
    }

    private void aRunThatWasCutOffIsGoneOnWith(Deployment tidemark) throws Exception {
        Path record = directory.resolve("crm.verify");
        Instant began = Instant.parse("2026-11-20T02:00:00Z");
        Verification.Extent extent = Verification.Extent.all(Verification.Level.HASHES);
        FileRef file;
        try (Archive archive = Archive.open(tidemark.store())) {
            file = archive.state().bases().getFirst().files().getFirst();
        }
        ChainReport chain = ChainCheck.run(tidemark.store(), SignatureRule.NONE, List.of());
        Checked.open(record, Checked.Origin.of(chain, extent, began)).close();
        Files.writeString(
                record, file.sha256() + "  " + file.name() + "\n", StandardOpenOption.APPEND);

        Outcome other = tidemark.tidemark("verify", "--state", record.toString());
        Outcome resumed =
                tidemark.succeed("verify", "--level", "hashes", "--state", record.toString());

        Path within =
                Files.createSymbolicLink(directory.resolve("way"), directory.resolve("archive"))
                        .resolve("crm.verify");
        Outcome inside = tidemark.tidemark("verify", "--state", within.toString());

        assertThat(inside.code()).isEqualTo(2);
        assertThat(inside.err())
                .startsWith("error: the record %s would be inside the archive\n".formatted(within));
        assertThat(other.code()).isEqualTo(3);
        assertThat(other.err())
                .isEqualTo(
                        """
                        error: the record %s is of --level hashes --since 0, not of --level rebuild --since 0
                        HINT: Name another file to begin anew, or delete this one.
                        """
                                .formatted(record));
        assertThat(resumed.out())
                .matches(
                        "(?s)1 file \\(.*\\) checked by an earlier run that began at %s, and not read again\nwhole: .*"
                                .formatted(began))
                .as("what it wrote itself says nothing of the time before")
                .endsWith(
                        "roll back: not checkable without an anchor: an older state of the archive looks the same\n");
        assertThat(record).doesNotExist();
    }

    private void withoutAKeyNothingIsPublished(Deployment tidemark, Path key) throws Exception {
        Path unsigned = tidemark.configuration("unsigned", "signing-key: " + key + ", ", "");

        Outcome refused = tidemark.tidemark(unsigned, "mark", "before", "--remove");

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
