package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.UnknownWindow;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an archive holds.
 *
 * @param firstMoment the earliest time that can be restored
 * @param lastMoment times before this can be restored; later ones are not archived yet
 * @param lag from the last archived commit to now
 * @param look the newest look at the source's whole catalog, empty before the first
 * @param unknown when the rows of single tables are not known
 * @param gaps what is lost for ever
 */
record ArchiveInfo(
        String archive,
        String source,
        String database,
        String systemId,
        Position firstPosition,
        Instant firstMoment,
        Position lastPosition,
        Instant lastMoment,
        Duration lag,
        int bases,
        int segments,
        long transactions,
        long changes,
        long baseBytes,
        long segmentBytes,
        long manifests,
        String topic,
        long logOffset,
        Optional<Look> look,
        List<UnknownWindow> unknown,
        List<Lost> gaps) {
    /**
     * What is lost between two positions.
     *
     * @param from the last transaction before it
     * @param to the base after it
     * @param toTime no commit in that base is later
     */
    record Lost(
            Position from,
            Instant fromTime,
            Position to,
            Instant toTime,
            String reason,
            Instant noticed) {
        static Optional<Lost> before(Manifest base) {
            return base.gap()
                    .map(
                            gap ->
                                    new Lost(
                                            gap.from(),
                                            gap.fromTime(),
                                            base.span().to(),
                                            base.span().latestCommit(),
                                            gap.reason(),
                                            gap.noticed()));
        }
    }

    static ArchiveInfo of(Archive archive, Path temporary, Instant now) throws IOException {
        ArchiveState state = archive.state();
        Manifest newest =
                state.newest()
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the archive "
                                                        + archive.url()
                                                        + " holds no base yet",
                                                "Wait until 'tidemark init' has finished, or run it again."));
        Manifest base = state.stretches().getFirst().base();
        return new ArchiveInfo(
                archive.url(),
                archive.identity().source(),
                archive.identity().database(),
                archive.systemId(),
                base.span().to(),
                base.span().latestCommit(),
                newest.span().to(),
                newest.span().latestCommit(),
                Duration.between(newest.span().lastCommit(), now),
                (int) allBases(state).count(),
                state.segments().size(),
                state.segments().stream().mapToLong(segment -> segment.span().transactions()).sum(),
                state.segments().stream().mapToLong(segment -> segment.span().changes()).sum(),
                baseBytes(state),
                state.segments().stream().mapToLong(Manifest::dataBytes).sum(),
                state.last() + 1,
                newest.log().topic(),
                newest.log().offset(),
                newest.look(),
                UnknownWindow.of(archive, temporary),
                state.stretches().stream()
                        .filter(one -> one.gap().isPresent())
                        .flatMap(one -> Lost.before(one.base()).stream())
                        .toList());
    }

    private static Stream<Manifest> allBases(ArchiveState state) {
        return Stream.concat(state.bases().stream(), state.foldedBases().stream())
                .filter(base -> !state.emptied().contains(base.number()));
    }

    /** A base from the archive names files of those before it. */
    private static long baseBytes(ArchiveState state) {
        return Stream.concat(allBases(state), state.tableBases().stream())
                .flatMap(base -> base.files().stream())
                .collect(Collectors.toMap(FileRef::name, FileRef::bytes, (one, same) -> one))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    void print(PrintStream out) {
        out.printf("archive   %s%n", archive);
        out.printf("source    %s, database %s, system %s%n", source, database, systemId);
        out.printf("window    %s (%s)%n", firstMoment, firstPosition);
        out.printf("       to %s (%s), %s ago%n", lastMoment, lastPosition, Figures.duration(lag));
        for (Lost lost : gaps) {
            out.printf(
                    "gap       from %s (%s)%n       to %s (%s): %s%n",
                    lost.fromTime(), lost.from(), lost.toTime(), lost.to(), lost.reason());
        }
        out.printf("bases     %d (%s)%n", bases, Figures.bytes(baseBytes));
        out.printf(
                "segments  %d (%s): %s transactions, %s changes%n",
                segments,
                Figures.bytes(segmentBytes),
                Figures.count(transactions),
                Figures.count(changes));
        out.printf("log       %s, next record %d%n", topic, logOffset);
        look.ifPresent(newest -> print(out, newest));
        for (UnknownWindow window : unknown) {
            out.printf(
                    "not known the rows of %s from %s (%s) %s%n",
                    window.name(),
                    window.fromTime(),
                    window.from(),
                    window.to()
                            .map(to -> "to %s (%s)".formatted(window.toTime().orElseThrow(), to))
                            .orElse("on, until a new base of the table is taken"));
        }
    }

    private static void print(PrintStream out, Look look) {
        out.printf("schema    last read whole at %s (%s)%n", look.time(), look.at());
        switch (look.by()) {
            case TRIGGERS ->
                    out.println(
                            "          changes since that no event trigger tells of are not known yet");
            case POLLING ->
                    out.println(
                            "          by polling: changes since are not known yet; from a change to the look that finds it"
                                    + " the tables concerned are refused");
        }
    }
}
