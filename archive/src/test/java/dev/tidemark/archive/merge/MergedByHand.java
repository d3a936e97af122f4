package dev.tidemark.archive.merge;

import static dev.tidemark.archive.Samples.NOON;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Publishes merged segments where nobody else writes. */
public final class MergedByHand {
    private MergedByHand() {}

    /** Replaces all segments after the first base by one. */
    public static Manifest replace(Archive archive, Path temporary)
            throws IOException, LostRaceException {
        return replace(archive, temporary, Integer.MAX_VALUE);
    }

    /** The same; a table with more rows that got another key goes on in another file. */
    public static Manifest replace(Archive archive, Path temporary, int movedMax)
            throws IOException, LostRaceException {
        return replace(
                archive,
                archive.state().bases().getFirst(),
                archive.state().segments(),
                temporary,
                movedMax);
    }

    /** Replaces segments that follow each other by one. */
    public static Manifest replace(
            Archive archive, Manifest before, List<Manifest> segments, Path temporary, int movedMax)
            throws IOException, LostRaceException {
        List<FileRef> files =
                SegmentMerger.run(
                        archive,
                        before,
                        segments,
                        temporary,
                        changes -> {},
                        movedMax,
                        ExternalSort.memory());
        return publish(archive, segments, files, segments.stream().map(Manifest::number).toList());
    }

    /** Publishes files as of the segments that they were made of. */
    static Manifest publish(
            Archive archive, List<Manifest> segments, List<FileRef> files, List<Long> replaced)
            throws IOException, LostRaceException {
        Manifest last = segments.getLast();
        List<FileRef> all = new ArrayList<>(files);
        all.add(last.catalogThere());
        Span span =
                new Span(
                        segments.getFirst().span().from(),
                        last.span().to(),
                        segments.getFirst().span().firstCommit(),
                        last.span().lastCommit(),
                        last.span().latestCommit(),
                        segments.stream().mapToLong(one -> one.span().transactions()).sum(),
                        segments.stream().mapToLong(one -> one.span().changes()).sum());
        archive.commit(
                new Manifest(
                        1,
                        0,
                        "",
                        Manifest.Kind.MERGED_SEGMENT,
                        "",
                        NOON,
                        1,
                        last.log(),
                        span,
                        archive.state().catalog().orElseThrow(),
                        all,
                        last.look(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Merged(Merged.ranges(replaced), -1)),
                        Optional.empty(),
                        Optional.empty()));
        return archive.state().published().orElseThrow();
    }
}
