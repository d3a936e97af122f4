package dev.tidemark.replay.salvage;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds a way to a moment that reads no damaged file. In this order: another way that is exact (an
 * older base, and more changes); the moment without rows of the tables that a damaged file is of;
 * the newest moment before it that can be reached. Each file that a way needs is read and compared
 * with its hash, so that nothing altered gets into a database. For one thread; used once.
 */
public final class Salvage {
    private final Archive archive;
    private final Path temporary;
    private final Target target;
    private final Map<FileRef, Optional<String>> looked = new HashMap<>(); // what is wrong
    private final Set<Long> unusable = new TreeSet<>(); // manifests of which nothing can be used
    private final Set<Long> partly =
            new TreeSet<>(); // those with a file of a table that is damaged

    private Salvage(Archive archive, Target target, Path temporary) {
        this.archive = archive;
        this.target = target;
        this.temporary = temporary;
    }

    /**
     * A way.
     *
     * @param damage what is wrong with files that were looked at
     * @param isThere is it the moment that was asked for?
     * @param losses what it does not bring back
     */
    public record Way(RestorePlan plan, List<String> damage, boolean isThere, Losses losses) {
        public Way {
            damage = List.copyOf(damage);
        }

        /** Of an archive of which nobody asked what is damaged. */
        public static Way of(RestorePlan plan) {
            return new Way(plan, List.of(), true, Losses.NONE);
        }

        /** Is all there, and as it was? */
        public boolean isWhole() {
            return isThere && plan.unreadable().isEmpty();
        }
    }

    /**
     * Finds it.
     *
     * @param temporary a folder for files while they are read
     * @throws TidemarkException when nothing of the moment, or before it, can be read, or it was
     *     never in the archive
     */
    public static Way find(Archive archive, Target target, Path temporary) throws IOException {
        return new Salvage(archive, target, temporary).find();
    }

    private Way find() throws IOException {
        for (Manifest segment : archive.state().segments()) { // a planner reads these
            look(segment, segment.file(FileRef.Kind.TRANSACTIONS).orElseThrow());
        }
        Optional<RestorePlan> exact = exact(target);
        if (exact.isPresent()) {
            return new Way(exact.get(), damage(), true, Losses.NONE);
        }
        Optional<RestorePlan> some = withoutTables(target);
        if (some.isPresent()) {
            Losses losses = Losses.of(archive, some.get(), span -> false);
            return new Way(some.get(), damage(), true, losses);
        }
        for (int known = -1; known < unusable.size(); ) { // each turn has to find more damage
            known = unusable.size();
            Optional<RestorePlan> earlier = withoutTables(before());
            if (earlier.isPresent()) {
                Losses losses = Losses.of(archive, earlier.get(), this::isWanted);
                return new Way(earlier.get(), damage(), false, losses);
            }
        }
        throw nothing();
    }

    private TidemarkException nothing() {
        return TidemarkException.refused(
                "nothing of %s, or of before it, can be read: %s"
                        .formatted(target.moment(), damage()),
                "Restore the files from a copy of the archive.");
    }

    private List<String> damage() {
        return looked.values().stream().flatMap(Optional::stream).sorted().toList();
    }

    private Optional<RestorePlan> exact(Target wanted) throws IOException {
        Set<Long> leftOut = new TreeSet<>(unusable);
        while (true) {
            leftOut.addAll(unusable);
            leftOut.addAll(partly);
            Optional<RestorePlan> plan = plan(wanted, leftOut);
            if (plan.isEmpty()) {
                return plan;
            }
            if (isReadable(plan.get())) {
                return Optional.of(withReadableFollowing(plan.get()));
            }
        }
    }

    private Optional<RestorePlan> withoutTables(Target wanted) throws IOException {
        while (true) {
            int known = unusable.size();
            Optional<RestorePlan> plan = plan(wanted, unusable);
            if (plan.isEmpty()) {
                return plan;
            }
            boolean isReadable = isReadable(plan.get());
            if (unusable.size() == known) {
                Set<FileRef> bad =
                        files(plan.get())
                                .filter(file -> !isReadable && isBad(file))
                                .collect(Collectors.toSet());
                return Optional.of(withReadableFollowing(plan.get().without(bad)));
            }
        }
    }

    private boolean isBad(FileRef file) {
        return looked.getOrDefault(file, Optional.empty()).isPresent();
    }

    /** Empty when the moment cannot be reached. */
    private Optional<RestorePlan> plan(Target wanted, Set<Long> leftOut) throws IOException {
        try {
            RestorePlan plan = new Planner(archive, state(leftOut), temporary).plan(wanted);
            boolean isEnd = plan.cut().position().equals(end());
            return Optional.of(plan).filter(there -> !isLatest(wanted) || isEnd);
        } catch (TidemarkException e) {
            if (e.kind() != TidemarkException.Kind.REFUSED || leftOut.isEmpty()) {
                throw e; // it is no damage that keeps us from there
            }
            return Optional.empty();
        }
    }

    /** Without its last segments an archive would have another end. */
    private static boolean isLatest(Target wanted) {
        return wanted.moment() instanceof Moment.Latest;
    }

    private Position end() {
        return archive.state().newest().orElseThrow().span().to();
    }

    private ArchiveState state(Set<Long> leftOut) {
        return archive.state().without(Merged.ranges(List.copyOf(new TreeSet<>(leftOut))));
    }

    /** Those with rows of tables. */
    private static Stream<FileRef> files(RestorePlan plan) {
        return Stream.concat(
                plan.baseFiles().stream(),
                plan.segments().stream().flatMap(segment -> segment.files().stream()));
    }

    /** Reads all that a plan needs; what is damaged is known afterwards. */
    private boolean isReadable(RestorePlan plan) throws IOException {
        boolean isReadable = look(plan.base(), plan.base().catalogThere());
        for (FileRef file : plan.baseFiles()) {
            isReadable &= look(plan.base(), file);
        }
        for (Manifest segment : plan.segments()) {
            for (FileRef file : segment.files()) {
                if (file.kind() != FileRef.Kind.CATALOG) { // what it tells is in the journal, too
                    isReadable &= look(segment, file);
                }
            }
        }
        return isReadable;
    }

    /** Segments after the cut only tell where sequences stood: those that cannot be read do not. */
    private RestorePlan withReadableFollowing(RestorePlan plan) throws IOException {
        List<Manifest> readable = new ArrayList<>();
        for (Manifest segment : plan.following()) {
            if (!look(segment, segment.file(FileRef.Kind.JOURNAL).orElseThrow())) {
                break;
            }
            readable.add(segment);
        }
        return plan.followedBy(readable);
    }

    private boolean look(Manifest manifest, FileRef file) throws IOException {
        Optional<String> wrong = looked.get(file);
        if (wrong == null) {
            wrong = wrong(file);
            looked.put(file, wrong);
        }
        if (wrong.isPresent()) {
            boolean isOfATable =
                    file.kind() == FileRef.Kind.BASE || file.kind() == FileRef.Kind.CHANGES;
            (isOfATable ? partly : unusable).add(manifest.number());
        }
        return wrong.isEmpty();
    }

    private Optional<String> wrong(FileRef file) throws IOException {
        try {
            archive.checkContent(file, temporary);
            return Optional.empty();
        } catch (TidemarkException e) {
            if (e.kind() == TidemarkException.Kind.FAILED) {
                throw e; // storage that does not answer is no damage
            }
            return Optional.ofNullable(e.getMessage());
        }
    }

    /** The newest moment that can be reached and is not after the one that was asked for. */
    private Target before() {
        Predicate<Stretch> isReached =
                switch (target.moment()) {
                    case Moment.AtTime(var time) ->
                            stretch -> !stretch.base().span().latestCommit().isAfter(time);
                    case Moment.AtPosition(Position position) ->
                            stretch -> !stretch.from().isAfter(position);
                    case Moment.AtMark(String name) -> isBefore(name);
                    case Moment.Latest() -> stretch -> true;
                    case Moment.AtTransaction(long xid) ->
                            throw TidemarkException.refused(
                                    "where xid:%d is cannot be told any more".formatted(xid),
                                    "Name the moment by its time or position.");
                };
        List<Stretch> reached =
                new ArrayList<>(state(unusable).stretches().stream().filter(isReached).toList());
        if (reached.isEmpty()) {
            throw nothing();
        }
        return new Target(new Moment.AtPosition(reached.getLast().to()), false);
    }

    private Predicate<Stretch> isBefore(String markName) {
        Mark mark = archive.state().neededMark(markName, archive.url());
        return stretch ->
                stretch.origin().number() == mark.stretch()
                        && !stretch.from().isAfter(mark.position());
    }

    /** Does a segment begin before the moment that was asked for? */
    private boolean isWanted(Span span) {
        return switch (target.moment()) {
            case Moment.AtTime(var time) -> !span.firstCommit().isAfter(time);
            case Moment.AtPosition(Position position) -> span.from().isBefore(position);
            case Moment.AtMark(String name) ->
                    span.from()
                            .isBefore(archive.state().neededMark(name, archive.url()).position());
            case Moment.Latest() -> true;
            case Moment.AtTransaction unused -> false; // where it is is not known
        };
    }
}
