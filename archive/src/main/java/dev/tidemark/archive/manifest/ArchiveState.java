package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.Anchor;
import dev.tidemark.schemas.TidemarkException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What all manifests up to one add up to. Immutable.
 *
 * @param last the number of the newest manifest; −1 for none
 * @param hash the SHA-256 in hex of that manifest
 * @param manifests those in force, by number ascending; but a merged segment stands where the first
 *     of those stood that it replaced
 * @param replaced whose files are still there for readers who know no newer state
 * @param emptied numbers of bases of the source, in force, of which the rows expired: they only say
 *     where changes were told from without a gap
 */
public record ArchiveState(
        long last,
        String hash,
        List<Manifest> manifests,
        List<Replaced> replaced,
        List<Long> emptied) {
    /** Nothing yet. */
    public static final ArchiveState EMPTY =
            new ArchiveState(-1, "", List.of(), List.of(), List.of());

    /**
     * What one manifest replaced, or made expire: all that is still to be known of some hundred
     * others.
     *
     * @param by its number
     * @param written when, by its writer's clock
     * @param files the names of what the others publish, or need
     */
    public record Replaced(long by, Instant written, List<String> files) {
        static Replaced by(Manifest manifest, List<Manifest> others) {
            return new Replaced(
                    manifest.number(),
                    manifest.written(),
                    others.stream().flatMap(ArchiveState::allOf).map(FileRef::name).toList());
        }

        /** In checkpoints there were once the whole manifests in place of this. */
        boolean isOfOnce() {
            return written == null;
        }
    }

    public ArchiveState {
        manifests = List.copyOf(manifests);
        replaced = replaced == null ? List.of() : List.copyOf(replaced); // as once in checkpoints
        emptied = emptied == null ? List.of() : List.copyOf(emptied);
    }

    /** The same with another word on what was replaced. */
    ArchiveState withReplaced(List<Replaced> others) {
        return new ArchiveState(last, hash, manifests, others, emptied);
    }

    /** The state after further manifests, in order. */
    ArchiveState with(List<Manifest> more, String newHash) {
        List<Manifest> all = new ArrayList<>(manifests);
        List<Replaced> gone = new ArrayList<>(replaced);
        List<Long> empty = new ArrayList<>(emptied);
        for (Manifest manifest : more) {
            switch (manifest.kind()) {
                case MERGED_SEGMENT -> replace(manifest, all, gone);
                case MERGED_SEGMENT_BEGUN -> {
                    long collected = manifest.merged().orElseThrow().collected();
                    gone.removeIf(one -> one.by() <= collected);
                    all.add(manifest);
                    keepNewest(Manifest.Kind.MERGED_SEGMENT_BEGUN, all);
                }
                case EXPIRY -> {
                    Expiry said = manifest.expiry().orElseThrow();
                    gone.removeIf(one -> one.by() <= said.collected());
                    List<Manifest> expired = expire(said, all, empty);
                    if (!expired.isEmpty()) {
                        gone.add(Replaced.by(manifest, expired));
                    }
                    all.removeIf(one -> one.kind() == Manifest.Kind.EXPIRY && !isBy(one, gone));
                    all.add(manifest);
                }
                case FOLDED_BASE_BEGUN, FOLDED_BASE_SO_FAR, FOLDED_BASE, BASE -> {
                    all.removeIf(one -> isUnfinished(one) && isOver(one, manifest));
                    all.add(manifest);
                }
                default -> all.add(manifest);
            }
        }
        return new ArchiveState(more.getLast().number(), newHash, all, gone, empty);
    }

    private static boolean isUnfinished(Manifest one) {
        return one.kind() == Manifest.Kind.FOLDED_BASE_SO_FAR;
    }

    /** Who begins where an unfinished base is goes on with it. */
    private static boolean isOver(Manifest unfinished, Manifest next) {
        return next.kind() != Manifest.Kind.FOLDED_BASE_BEGUN
                || !next.span().to().equals(unfinished.span().to());
    }

    private static boolean isBy(Manifest expiry, List<Replaced> gone) {
        return gone.stream().anyMatch(one -> one.by() == expiry.number());
    }

    /** What expires, and is no more in force then, or empty. */
    private static List<Manifest> expire(Expiry said, List<Manifest> all, List<Long> empty) {
        List<Manifest> expired = new ArrayList<>();
        for (Manifest one : List.copyOf(all)) {
            if (!said.expires(one.number()) || empty.contains(one.number())) {
                continue;
            }
            expired.add(one);
            if (one.kind() == Manifest.Kind.BASE) {
                empty.add(one.number());
            } else {
                all.remove(one);
            }
        }
        for (long origin : List.copyOf(empty)) {
            removeUnlessNeeded(origin, all, empty);
        }
        return expired;
    }

    /** Of an origin of which nothing is left nobody asks any more. */
    private static void removeUnlessNeeded(long number, List<Manifest> all, List<Long> empty) {
        Manifest origin =
                all.stream().filter(one -> one.number() == number).findFirst().orElseThrow();
        boolean isNeeded =
                after(origin, all).stream()
                        .anyMatch(
                                one -> one.isSegment() || one.kind() == Manifest.Kind.FOLDED_BASE);
        if (!isNeeded) {
            all.remove(origin);
            empty.remove(number);
        }
    }

    /** Of those who began, only the last two matter: who is at work, and who was before. */
    private static void keepNewest(Manifest.Kind begun, List<Manifest> all) {
        all.stream().filter(one -> one.kind() == begun).toList().reversed().stream()
                .skip(2)
                .forEach(all::remove);
    }

    private static void replace(Manifest merged, List<Manifest> all, List<Replaced> gone) {
        Merged said = merged.merged().orElseThrow();
        List<Manifest> those =
                all.stream().filter(one -> one.isSegment() && said.replaces(one.number())).toList();
        if (those.isEmpty()) {
            all.add(merged); // in an archive that was tampered with
            return;
        }
        all.set(all.indexOf(those.getFirst()), merged);
        Set<Long> numbers = those.stream().map(Manifest::number).collect(Collectors.toSet());
        all.removeIf(one -> numbers.contains(one.number()));
        gone.add(Replaced.by(merged, those));
    }

    /** Is a file in force, or still there for those who know no newer state? */
    boolean names(FileRef file) {
        return named().anyMatch(file.name()::equals);
    }

    /** The same of some files. */
    public boolean namesAll(Collection<FileRef> files) {
        return named().collect(Collectors.toSet())
                .containsAll(files.stream().map(FileRef::name).toList());
    }

    /** The names of those files, some of them again and again. */
    Stream<String> named() {
        return Stream.concat(
                manifests.stream().flatMap(this::filesOf).map(FileRef::name),
                replaced.stream().flatMap(one -> one.files().stream()));
    }

    /** What a manifest in force publishes, or needs. */
    public Stream<FileRef> filesOf(Manifest manifest) {
        return emptied.contains(manifest.number()) ? Stream.of() : allOf(manifest);
    }

    private static Stream<FileRef> allOf(Manifest manifest) {
        return Stream.concat(manifest.files().stream(), Stream.of(manifest.catalog()));
    }

    /** The manifest that was published last, of whatever kind; a merged segment stands far back. */
    public Optional<Manifest> published() {
        return manifests.stream().filter(manifest -> manifest.number() == last).findFirst();
    }

    /**
     * The newest manifest that says how far the archive is; none in an archive whose first base is
     * not finished.
     */
    public Optional<Manifest> newest() {
        return manifests.reversed().stream().filter(Manifest::advances).findFirst();
    }

    /**
     * The catalog at the end of that one. A base of a table may have said since that the table's
     * rows are known.
     */
    public Optional<FileRef> catalog() {
        return manifests.isEmpty() ? Optional.empty() : Optional.of(manifests.getLast().catalog());
    }

    /**
     * What to keep elsewhere of it.
     *
     * @param archive the SHA-256 in hex of tidemark.json
     * @throws TidemarkException when it holds no base yet
     */
    Anchor anchor(String url, String archive, String source, Instant now) {
        Manifest newest =
                newest().orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the archive %s holds no base yet".formatted(url),
                                                "Run 'tidemark init' to its end first."));
        return new Anchor(Anchor.FORMAT, archive, source, last, hash, newest.span().to(), now);
    }

    /** What is there without a hole, in the order of time; none before the first base. */
    public List<Stretch> stretches() {
        List<Manifest> origins = bases();
        List<Stretch> all = new ArrayList<>();
        for (Manifest origin : origins) {
            boolean isNewest = origin.equals(origins.getLast());
            all.addAll(
                    Stretches.of(
                            origin,
                            isNewest ? catalog() : Optional.empty(),
                            after(origin, manifests),
                            emptied.contains(origin.number())));
        }
        return List.copyOf(all);
    }

    /** The stretch that begins with a base, or has it or a segment in it. */
    public Stretch stretchOf(Manifest one) {
        return stretches().stream()
                .filter(
                        stretch ->
                                stretch.base().equals(one)
                                        || stretch.foldedBases().contains(one)
                                        || stretch.segments().contains(one))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Up to which number all manifests that replaced others, or made them expire, were written
     * before an instant; −1 for none.
     */
    public long collectable(Instant writtenBefore) {
        return replaced.stream()
                .sorted(Comparator.comparing(Replaced::by))
                .takeWhile(one -> one.written().isBefore(writtenBefore))
                .mapToLong(Replaced::by)
                .max()
                .orElse(-1);
    }

    /** Files that only manifests name which are in force no more. */
    public long waitingFiles() {
        Set<String> inForce =
                manifests.stream()
                        .flatMap(this::filesOf)
                        .map(FileRef::name)
                        .collect(Collectors.toSet());
        return replaced.stream()
                .flatMap(one -> one.files().stream())
                .distinct()
                .filter(file -> !inForce.contains(file))
                .count();
    }

    /** The state as it would be without some manifests. */
    public ArchiveState without(List<Merged.Range> numbers) {
        List<Manifest> all = new ArrayList<>(manifests);
        List<Long> empty = new ArrayList<>(emptied);
        List<Manifest> unused = expire(new Expiry(numbers, -1), all, empty);
        return new ArchiveState(last, hash, all, replaced, empty);
    }

    /** What follows a base of the source up to the next one. */
    private static List<Manifest> after(Manifest base, List<Manifest> all) {
        return all.stream()
                .skip(all.indexOf(base) + 1L)
                .takeWhile(manifest -> manifest.kind() != Manifest.Kind.BASE)
                .toList();
    }

    /** Of the cluster that the newest base is of; empty when that is the archive's first one. */
    public Optional<String> systemId() {
        return bases().reversed().stream()
                .flatMap(base -> base.gap().stream())
                .map(Gap::systemId)
                .findFirst();
    }

    /** Bases of single tables, by number ascending. */
    public List<Manifest> tableBases() {
        return manifests.stream()
                .filter(manifest -> manifest.kind() == Manifest.Kind.TABLE_BASE)
                .toList();
    }

    /** Bases that were made from the archive itself, by number ascending. */
    public List<Manifest> foldedBases() {
        return manifests.stream()
                .filter(manifest -> manifest.kind() == Manifest.Kind.FOLDED_BASE)
                .toList();
    }

    /** What is finished of a folded base that is not published. */
    public Optional<Manifest> unfinishedBase() {
        return manifests.stream().filter(ArchiveState::isUnfinished).findFirst();
    }

    /**
     * The one who began last to upload bases beside an archiver: only he may publish them.
     *
     * @param begun the kind of step that says so
     */
    public Optional<String> writerSince(Manifest.Kind begun) {
        return manifests.reversed().stream()
                .filter(manifest -> manifest.kind() == begun)
                .map(Manifest::writer)
                .findFirst();
    }

    /** The marks in force, the oldest first. */
    public List<Mark> marks() {
        Map<String, Mark> marks = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            manifest.mark()
                    .ifPresent(
                            mark -> {
                                marks.remove(mark.name());
                                if (!mark.isTakenBack()) {
                                    marks.put(mark.name(), mark);
                                }
                            });
        }
        return List.copyOf(marks.values());
    }

    /** The mark in force with that name. */
    public Optional<Mark> mark(String name) {
        return marks().stream().filter(mark -> mark.name().equals(name)).findFirst();
    }

    /**
     * The mark in force with that name.
     *
     * @param url of the archive, for people
     * @throws TidemarkException when there is none
     */
    public Mark neededMark(String name, String url) {
        return mark(name)
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        "there is no mark '%s' in the archive %s"
                                                .formatted(name, url),
                                        "'tidemark mark' lists the marks."));
    }

    /** The holds in force, the oldest first. */
    public List<Hold> holds() {
        Map<String, Hold> holds = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            manifest.hold()
                    .ifPresent(
                            hold -> {
                                holds.remove(hold.name());
                                if (!hold.isReleased()) {
                                    holds.put(hold.name(), hold);
                                }
                            });
        }
        return List.copyOf(holds.values());
    }

    /** Bases as the source gave them, also those of which the rows expired. */
    public List<Manifest> bases() {
        return manifests.stream()
                .filter(manifest -> manifest.kind() == Manifest.Kind.BASE)
                .toList();
    }

    public List<Manifest> segments() {
        return manifests.stream().filter(Manifest::isSegment).toList();
    }
}
