package dev.tidemark.archiver.base;

import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * When a new base is worth making.
 *
 * @param interval after so long, by the commit times of the source
 * @param share after changes of so many percent of the rows that the newest base has
 */
public record BaseDue(Optional<Duration> interval, OptionalInt share) {
    private static final long PERCENT = 100;

    /** Is it time? Not while nothing has changed since the newest one. */
    public boolean isDue(ArchiveState state) {
        List<Stretch> stretches = state.stretches();
        return !stretches.isEmpty() && isDue(stretches.getLast());
    }

    private boolean isDue(Stretch stretch) {
        Manifest base =
                Stream.concat(Stream.of(stretch.base()), stretch.foldedBases().stream())
                        .max(Comparator.comparing(one -> one.span().to()))
                        .orElseThrow();
        long changes =
                stretch.segments().stream()
                        .filter(segment -> segment.span().to().isAfter(base.span().to()))
                        .mapToLong(segment -> segment.span().changes())
                        .sum();
        Duration age =
                Duration.between(base.span().latestCommit(), stretch.end().span().latestCommit());
        boolean isOld = interval.isPresent() && age.compareTo(interval.get()) >= 0;
        boolean isChanged = share.isPresent() && changes * PERCENT >= rows(base) * share.getAsInt();
        return changes > 0 && (isOld || isChanged);
    }

    private static long rows(Manifest base) {
        return base.files().stream()
                .filter(file -> file.kind() == FileRef.Kind.BASE)
                .mapToLong(FileRef::rows)
                .sum();
    }
}
