package dev.tidemark.replay.salvage;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a way does not bring back, as far as it is known without reading it all.
 *
 * @param tables those with damaged files
 * @param after what was committed between the moment that is reached and the one that was asked for
 */
public record Losses(List<LostRows> tables, Optional<LostTime> after) {
    /** Of a way on which nothing is damaged. */
    public static final Losses NONE = new Losses(List.of(), Optional.empty());

    public Losses {
        tables = List.copyOf(tables);
    }

    /**
     * A table of which a file is damaged: it comes back without rows, unless it was emptied or
     * dropped after that.
     *
     * @param table its name, or its number where its catalog is damaged, too
     * @param baseRows that the way begins with, of all its files
     * @param unreadable rows and changes in those that are damaged
     */
    public record LostRows(String table, long baseRows, long unreadable) {}

    /**
     * Segments that are not reached. The moment that was asked for may lie within the last of them.
     *
     * @param from when the first of their transactions was committed, by the source's clock
     * @param to when the last was
     */
    public record LostTime(
            Instant from, Instant to, long segments, long transactions, long changes) {}

    /**
     * Of a way.
     *
     * @param isWanted is some of a segment before the moment that was asked for?
     */
    static Losses of(Archive archive, RestorePlan plan, Predicate<Span> isWanted)
            throws IOException {
        List<LostRows> tables = new ArrayList<>();
        for (long table :
                plan.unreadable().stream().map(FileRef::table).sorted().distinct().toList()) {
            tables.add(
                    new LostRows(
                            name(archive, plan, table),
                            rows(plan.baseFiles().stream(), table),
                            rows(plan.unreadable().stream(), table)));
        }
        return new Losses(tables, after(archive.state(), plan, isWanted));
    }

    private static long rows(Stream<FileRef> files, long table) {
        return files.filter(file -> file.table() == table).mapToLong(FileRef::rows).sum();
    }

    /** At the end of the way if it is there, else at its beginning. */
    private static String name(Archive archive, RestorePlan plan, long table) throws IOException {
        List<Manifest> ends = new ArrayList<>(plan.segments().reversed());
        ends.add(plan.base());
        for (FileRef file : ends.stream().map(Manifest::catalogThere).distinct().toList()) {
            try {
                Optional<Table> there =
                        archive.catalog(file).tables().stream()
                                .filter(one -> one.id() == table)
                                .findFirst();
                if (there.isPresent()) {
                    return there.get().displayName();
                }
            } catch (TidemarkException e) {
                if (e.kind() == TidemarkException.Kind.FAILED) {
                    throw e; // storage that does not answer is no damage
                }
            }
        }
        return "table " + table;
    }

    private static Optional<LostTime> after(
            ArchiveState state, RestorePlan plan, Predicate<Span> isWanted) {
        Stretch reached = state.stretchOf(plan.base());
        List<Stretch> stretches = state.stretches();
        Stream<Span> rest =
                reached.segments().stream()
                        .map(Manifest::span)
                        .filter(span -> !span.from().isBefore(plan.cut().position()));
        Stream<Span> others =
                stretches.subList(stretches.indexOf(reached) + 1, stretches.size()).stream()
                        .flatMap(stretch -> stretch.segments().stream())
                        .map(Manifest::span);
        List<Span> lost = Stream.concat(rest, others).filter(isWanted).toList();
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new LostTime(
                                lost.getFirst().firstCommit(),
                                lost.getLast().lastCommit(),
                                lost.size(),
                                lost.stream().mapToLong(Span::transactions).sum(),
                                lost.stream().mapToLong(Span::changes).sum()));
    }
}
