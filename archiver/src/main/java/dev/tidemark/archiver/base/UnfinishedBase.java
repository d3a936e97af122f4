package dev.tidemark.archiver.base;

import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A folded base that broke off: some of its tables are finished, and whoever makes the next base
 * goes on with it, as of the same position. Immutable.
 *
 * @param soFar what is finished
 * @param end the segment at whose end it stands
 */
record UnfinishedBase(Manifest soFar, Manifest end) {
    /** After so long a base of the archive's end is worth more than what is finished. */
    static final Duration AGE_MAX = Duration.ofDays(1);

    /**
     * Finds one that can be gone on with: the archive still has what it was made from, and has
     * learned nothing since that belongs into it.
     */
    static Optional<UnfinishedBase> find(ArchiveState state, Instant now) {
        return state.unfinishedBase()
                .filter(soFar -> soFar.written().plus(AGE_MAX).isAfter(now))
                .flatMap(soFar -> find(state, soFar));
    }

    private static Optional<UnfinishedBase> find(ArchiveState state, Manifest soFar) {
        Position position = soFar.span().to();
        List<Stretch> holders =
                state.stretches().stream().filter(one -> one.holds(position)).toList();
        boolean isCurrent =
                holders.size() == 1
                        && holders.getFirst().equals(state.stretches().getLast())
                        && holders.getFirst().tableBases().stream()
                                .filter(base -> base.number() > soFar.number())
                                .noneMatch(base -> base.span().to().isBefore(position));
        return isCurrent && state.namesAll(soFar.files())
                ? holders.getFirst().segments().stream()
                        .filter(segment -> segment.span().to().equals(position))
                        .findFirst()
                        .map(end -> new UnfinishedBase(soFar, end))
                : Optional.empty();
    }

    /** Its finished files of each table. */
    Map<Long, List<FileRef>> files() {
        return soFar.files().stream().collect(Collectors.groupingBy(FileRef::table));
    }
}
