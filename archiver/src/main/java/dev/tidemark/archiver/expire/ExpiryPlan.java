package dev.tidemark.archiver.expire;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.Expiry;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Hold;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a policy lets go, and what it keeps, for which reason. Nothing goes that a kept moment
 * needs: that is the one rule, and who looks for what to delete asks for what to keep.
 *
 * <p>Time is the source's, and never after the archive's newest commit: while nothing is archived,
 * nothing expires. What was committed after a jump of the clock into the future is as late as that,
 * and stays.
 */
public final class ExpiryPlan {
    /** So long before it says that it begins, a copy of a table may have begun. */
    private static final Duration COPY_LEAD = Duration.ofHours(1);

    /** Longer than anybody copies a table. Who broke off keeps what is needed as long. */
    private static final Duration TABLE_BASE_MAX = Duration.ofDays(7);

    /** Longer than anybody goes on with a base that broke off. */
    private static final Duration UNFINISHED_MAX = Duration.ofDays(2);

    private final ArchiveState state;
    private final Retention policy;
    private final Instant now;
    private final Instant today;
    private final List<Need> needs = new ArrayList<>();
    private final Set<Manifest> kept = new HashSet<>();
    private final List<Gone> gone = new ArrayList<>();

    private ExpiryPlan(ArchiveState state, Retention policy, Instant now) {
        this.state = state;
        this.policy = policy;
        this.now = now;
        Instant newest = state.newest().map(ExpiryPlan::at).orElse(now);
        this.today = newest.isBefore(now) ? newest : now;
    }

    /** What goes, and why. */
    record Gone(Manifest manifest, String why) {}

    /**
     * Moments that are kept.
     *
     * @param from its base, and the last moment that this is the reason for
     */
    public record Kept(String why, Position from, Instant fromTime, Position to) {}

    /**
     * Decides.
     *
     * @param now by the clock
     * @throws TidemarkException when the archive is not whole
     */
    public static ExpiryPlan of(ArchiveState state, Retention policy, Instant now) {
        ExpiryPlan plan = new ExpiryPlan(state, policy, now);
        plan.find();
        return plan;
    }

    private void find() {
        List<Stretch> stretches = state.stretches();
        checkHasBase(stretches);
        stretches.forEach(this::keepHistory);
        keepCycles(stretches);
        state.marks().forEach(mark -> keep(mark, stretches));
        state.holds().forEach(hold -> keep(hold, stretches));
        keepUnderWay(stretches);
        needs.forEach(need -> kept.addAll(need.keeps()));
        state.newest().ifPresent(kept::add);
        letGo(stretches);
        checkNeeds();
    }

    /** When it is, for a policy: the archiver's clock may be as wrong, and has no say. */
    private static Instant at(Manifest manifest) {
        return manifest.span().latestCommit();
    }

    private static void checkHasBase(List<Stretch> stretches) {
        if (stretches.isEmpty()) {
            throw TidemarkException.refused(
                    "the archive holds no base yet",
                    "Wait until 'tidemark init' has finished, or run it again.");
        }
    }

    private void keepHistory(Stretch stretch) {
        Instant history = policy.history().map(today::minus).orElse(Instant.MIN);
        boolean isKept = !at(stretch.end()).isBefore(history);
        if (isKept) {
            String why =
                    policy.history().isPresent()
                            ? "history"
                            : "history, for ever: retention.history is not set";
            needs.add(Need.fromBase(why, stretch, baseFor(history, stretch)));
        }
        if (policy.keepsAllBases()) {
            if (isKept) {
                bases(stretch).filter(isFrom(baseFor(history, stretch))).forEach(kept::add);
            }
            return;
        }
        Instant window = today.minus(policy.restoreWindow().orElse(Duration.ZERO));
        if (!at(stretch.end()).isBefore(window)) {
            Manifest first = baseFor(window, stretch);
            String why = policy.restoreWindow().isPresent() ? "restore window" : "newest base";
            needs.add(Need.fromBase(why, stretch, first));
            bases(stretch).filter(isFrom(first)).forEach(kept::add);
        }
    }

    private static Predicate<Manifest> isFrom(Manifest first) {
        return base -> !base.span().to().isBefore(first.span().to());
    }

    /** Those that a restore may begin with, by position. */
    private static Stream<Manifest> bases(Stretch stretch) {
        return Stream.concat(
                        Stream.of(stretch.base()),
                        stretch.foldedBases().stream().filter(stretch::isWhole))
                .sorted(comparing(base -> base.span().to()));
    }

    /** The newest one from which a time can be reached; else the first. */
    private static Manifest baseFor(Instant time, Stretch stretch) {
        return bases(stretch)
                .filter(base -> !at(base).isAfter(time))
                .reduce((one, later) -> later)
                .orElse(stretch.base());
    }

    private void keepCycles(List<Stretch> stretches) {
        policy.bases()
                .forEach(
                        (cycle, count) -> {
                            Map<LocalDate, Need> last = new TreeMap<>();
                            for (Stretch stretch : stretches) {
                                bases(stretch)
                                        .forEach(
                                                base ->
                                                        last.put(
                                                                cycle.begin(at(base)),
                                                                alone(cycle, stretch, base)));
                            }
                            last.values().stream()
                                    .skip(Math.max(0, last.size() - count))
                                    .forEach(needs::add);
                        });
    }

    private static Need alone(Cycle cycle, Stretch stretch, Manifest base) {
        return new Need(cycle.word() + " base", stretch, base, base.span().to(), true);
    }

    private void keep(Mark mark, List<Stretch> stretches) {
        stretches.stream()
                .filter(stretch -> stretch.origin().number() == mark.stretch())
                .filter(stretch -> stretch.holds(mark.position()))
                .findFirst()
                .ifPresent(
                        stretch ->
                                needs.add(
                                        new Need(
                                                "mark '%s'".formatted(mark.name()),
                                                stretch,
                                                stretch.baseBefore(mark.position()),
                                                mark.position(),
                                                true)));
    }

    private void keep(Hold hold, List<Stretch> stretches) {
        for (Stretch stretch : stretches) {
            boolean isIn =
                    !at(stretch.base()).isAfter(hold.to())
                            && !at(stretch.end()).isBefore(hold.from());
            if (isIn) {
                Position to =
                        stretch.segments().stream()
                                .filter(one -> !one.span().firstCommit().isAfter(hold.to()))
                                .map(one -> one.span().to())
                                .reduce(stretch.from(), (one, later) -> later);
                needs.add(
                        new Need(
                                "hold '%s'".formatted(hold.name()),
                                stretch,
                                baseFor(hold.from(), stretch),
                                to,
                                true));
            }
        }
    }

    /** A base of a table that is being copied will stand where the archive was then, or before. */
    private void keepUnderWay(List<Stretch> stretches) {
        Stretch last = stretches.getLast();
        Optional<Manifest> begun =
                state.manifests().reversed().stream()
                        .filter(one -> one.kind() == Manifest.Kind.TABLE_BASE_BEGUN)
                        .findFirst()
                        .filter(one -> one.written().plus(TABLE_BASE_MAX).isAfter(now))
                        .filter(one -> !isOver(one, last));
        begun.map(one -> baseFor(at(one).minus(COPY_LEAD), last))
                .ifPresent(
                        base ->
                                needs.add(
                                        Need.fromBase(
                                                "a table's base is being copied", last, base)));
    }

    /**
     * Its writer does one thing after the other, so that whatever it published since says that the
     * copy is published or given up. That may have expired; but what a copy under way needs has
     * not.
     */
    private boolean isOver(Manifest begun, Stretch last) {
        return begun.span().to().isBefore(last.from())
                || state.manifests().stream()
                        .filter(one -> one.number() > begun.number())
                        .anyMatch(one -> one.writer().equals(begun.writer()));
    }

    private void letGo(List<Stretch> stretches) {
        Set<Manifest> first = // of each stretch, from which on every moment is kept
                needs.stream()
                        .filter(need -> need.to().equals(need.stretch().to()))
                        .map(Need::base)
                        .collect(Collectors.toSet());
        Set<Manifest> known =
                stretches.stream()
                        .flatMap(stretch -> stretch.segments().stream())
                        .collect(Collectors.toSet());
        for (Manifest manifest : state.manifests()) {
            boolean isEmptied = state.emptied().contains(manifest.number());
            if (kept.contains(manifest) || isEmptied || !isOfData(manifest)) {
                continue;
            }
            if (manifest.isSegment() && !known.contains(manifest)) {
                throw TidemarkException.refused(
                        "the archive is not whole: %s follows from nothing"
                                .formatted(manifest.name()),
                        "Nothing expires before that is looked into: run 'tidemark verify'.");
            }
            gone.add(new Gone(manifest, why(manifest, first)));
        }
        letGoOldBeginnings();
        state.unfinishedBase()
                .filter(one -> one.written().plus(UNFINISHED_MAX).isBefore(now))
                .ifPresent(one -> gone.add(new Gone(one, "a base that was never finished")));
    }

    private static boolean isOfData(Manifest manifest) {
        return manifest.advances()
                || manifest.kind() == Manifest.Kind.FOLDED_BASE
                || manifest.kind() == Manifest.Kind.TABLE_BASE;
    }

    private String why(Manifest manifest, Set<Manifest> first) {
        boolean isOld =
                first.stream().noneMatch(base -> !manifest.span().to().isBefore(base.span().to()));
        if (isOld || manifest.kind() != Manifest.Kind.FOLDED_BASE) {
            return "older than the history that is kept";
        }
        return "neither in the restore window nor one of the bases to keep";
    }

    /** Of those who began, the last two matter. */
    private void letGoOldBeginnings() {
        for (Manifest.Kind kind :
                List.of(Manifest.Kind.TABLE_BASE_BEGUN, Manifest.Kind.FOLDED_BASE_BEGUN)) {
            state.manifests().stream()
                    .filter(manifest -> manifest.kind() == kind)
                    .toList()
                    .reversed()
                    .stream()
                    .skip(2)
                    .forEach(one -> gone.add(new Gone(one, "a beginning that is over")));
        }
    }

    /** The state afterwards must still hold all that is needed. */
    private void checkNeeds() {
        List<Stretch> after = state.without(expires()).stretches();
        for (Need need : needs) {
            boolean isHeld =
                    after.stream()
                            .filter(one -> one.origin().equals(need.stretch().origin()))
                            .filter(one -> one.holds(need.base().span().to()))
                            .filter(one -> bases(one).anyMatch(need.base()::equals))
                            .anyMatch(one -> one.holds(need.to()));
            if (!isHeld) {
                throw new IllegalStateException("an expiry that breaks " + need.why());
            }
        }
    }

    /** Numbers of manifests that are to be in force no more. */
    public List<Merged.Range> expires() {
        return Merged.ranges(gone.stream().map(one -> one.manifest().number()).sorted().toList());
    }

    /** Is there nothing to let go? */
    public boolean isEmpty() {
        return gone.isEmpty();
    }

    /** What is kept, by reason, in the order of time. */
    public List<Kept> kept() {
        return needs.stream()
                .map(
                        need ->
                                new Kept(
                                        need.why(),
                                        need.base().span().to(),
                                        need.fromTime(),
                                        need.to()))
                .sorted(comparing(Kept::from))
                .toList();
    }

    /**
     * Bases or segments that go for one reason.
     *
     * @param what for people: base, segment, table base
     * @param from the first moment of them, and the last
     * @param bytes of files that nothing else names
     */
    public record Going(
            String what, String why, long count, Instant from, Instant to, long bytes) {}

    /** What goes, by kind and reason. */
    public List<Going> going() {
        Set<FileRef> stay = stay();
        Map<String, List<Gone>> groups = new TreeMap<>();
        for (Gone one : gone) {
            if (isOfData(one.manifest())) {
                groups.computeIfAbsent(what(one.manifest()) + one.why(), first -> new ArrayList<>())
                        .add(one);
            }
        }
        return groups.values().stream().map(group -> going(group, stay)).toList();
    }

    private Set<FileRef> stay() {
        return state.without(expires()).manifests().stream()
                .flatMap(state::filesOf)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** What of that a storage still has afterwards that locks for so long what is written. */
    Optional<Locked> locked(Duration retain) {
        return Locked.of(gone.stream().map(Gone::manifest).toList(), stay(), retain, now);
    }

    private static Going going(List<Gone> group, Set<FileRef> stay) {
        List<Manifest> all = group.stream().map(Gone::manifest).toList();
        long bytes =
                all.stream()
                        .flatMap(one -> one.files().stream())
                        .filter(stay::add) // each once
                        .mapToLong(FileRef::bytes)
                        .sum();
        return new Going(
                what(all.getFirst()),
                group.getFirst().why(),
                all.size(),
                all.stream().map(one -> one.span().firstCommit()).min(Instant::compareTo).get(),
                all.stream().map(one -> one.span().lastCommit()).max(Instant::compareTo).get(),
                bytes);
    }

    private static String what(Manifest manifest) {
        if (manifest.isSegment()) {
            return "segment";
        }
        return manifest.kind() == Manifest.Kind.TABLE_BASE ? "table base" : "base";
    }

    /** What the manifest says that lets it go. */
    Expiry expiry(long collected) {
        return new Expiry(expires(), collected);
    }
}
