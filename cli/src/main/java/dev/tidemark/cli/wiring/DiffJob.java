package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.difference.Difference;
import dev.tidemark.replay.difference.DifferenceRequest;
import dev.tidemark.replay.difference.MomentDifference;
import dev.tidemark.replay.difference.Patch;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * From an archive, and perhaps its source, to what differs.
 *
 * @param temporary a folder for files while they are read
 */
public record DiffJob(Parts parts, Archive archive, Path temporary, Progress progress) {
    /**
     * Compares.
     *
     * @param to empty for the source as it is
     */
    public Difference run(Target from, Optional<Target> to, DifferenceRequest request)
            throws IOException {
        return run(from, to, request, difference -> difference);
    }

    /** The same, with what differs kept for a patch. */
    public Difference run(Target from, Optional<Target> to, DifferenceRequest request, Patch patch)
            throws IOException {
        return run(from, to, request, difference -> difference.into(patch));
    }

    /** The same, read in the same way on every machine, so that it can be asked again anywhere. */
    public Difference runFixed(Target from, Target to, DifferenceRequest request)
            throws IOException {
        return run(from, Optional.of(to), request, MomentDifference::inFixedMemory);
    }

    private Difference run(
            Target from,
            Optional<Target> to,
            DifferenceRequest request,
            UnaryOperator<MomentDifference> further)
            throws IOException {
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task = progress.start("changes", Progress.UNKNOWN, Progress.Unit.ROWS)) {
            MomentDifference difference =
                    further.apply(
                            new MomentDifference(
                                    archive,
                                    temporary,
                                    profile(),
                                    read ->
                                            task.advance(
                                                    Math.max(0, read - seen.getAndSet(read)))));
            if (to.isPresent()) {
                return difference.between(from, to.get(), request);
            }
            try (LiveTables live = LiveTables.take(parts.source(), archive)) {
                return difference.live(from, live, request);
            }
        }
    }

    private Profile profile() throws IOException {
        return parts.profileOf(archive)
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        "the archive %s holds no base yet".formatted(archive.url()),
                                        "Wait until 'tidemark init' has finished, or run it again."));
    }
}
