package dev.tidemark.cli.wiring;

import dev.tidemark.archive.proof.Anchor;
import dev.tidemark.archive.proof.Witness;
import dev.tidemark.capture.prepare.SourceAnchors;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.log.Announcement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads what is held outside the archive and knows it. */
public final class Anchors {
    /** A table in the source. */
    public static final String SOURCE = "source";

    /** What the archiver told the change log's brokers. */
    public static final String LOG = "log";

    private Anchors() {}

    /** Of the source. */
    public static Witness ofSource(Parts parts) {
        byte[] content =
                SourceAnchors.newest(parts.admin())
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the source holds no anchor",
                                                "'tidemark anchor --into source' writes one."));
        return Witness.of("the source's anchor", Anchor.read(content, "the source's anchor"));
    }

    /** Of the change log. */
    public static Witness ofLog(Parts parts) throws InterruptedException {
        try (Brokers brokers = parts.brokersAtWork()) {
            Optional<Announcement> said = parts.topic(brokers.bootstrapServers()).announced();
            return Witness.of(
                    "the change log",
                    said.filter(Announcement::namesManifest)
                            .orElseThrow(
                                    () ->
                                            TidemarkException.refused(
                                                    "the change log does not know the archive",
                                                    "An archiver tells it of each manifest, and Kafka forgets that some days after the last"
                                                            + " archiver ended (offsets.retention.minutes). Name another anchor.")));
        }
    }

    /** In a file that {@code tidemark anchor} wrote. */
    public static Witness inFile(Path file) {
        try {
            return Witness.of(
                    "the anchor " + file,
                    Anchor.read(Files.readAllBytes(file), "the anchor " + file));
        } catch (IOException e) {
            throw TidemarkException.usage(
                    "cannot read the anchor %s: %s"
                            .formatted(file, TidemarkException.reason(e, file)),
                    "Name a file that 'tidemark anchor' wrote, or 'log', or 'source'.");
        }
    }
}
