package dev.tidemark.archive.manifest;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param replaced those whose files are still there for readers who know no newer state
 */
public record ArchiveState(
        long last, String hash, List<Manifest> manifests, List<Replaced> replaced) {
    /** Nothing yet. */
    public static final ArchiveState EMPTY = new ArchiveState(-1, "", List.of(), List.of());

    /**
     * A manifest that is in force no more.
     *
     * @param by the number of the one that replaced it
     */
    public record Replaced(Manifest manifest, long by) {}

    public ArchiveState {
        manifests = List.copyOf(manifests);
        replaced = replaced == null ? List.of() : List.copyOf(replaced); // as once in checkpoints
    }

    /** The state after further manifests, in order. */
    ArchiveState with(List<Manifest> more, String newHash) {
        List<Manifest> all = new ArrayList<>(manifests);
        List<Replaced> gone = new ArrayList<>(replaced);
        for (Manifest manifest : more) {
            switch (manifest.kind()) {
                case MERGED_SEGMENT -> replace(manifest, all, gone);
                case MERGED_SEGMENT_BEGUN -> {
                    long collected = manifest.merged().orElseThrow().collected();
                    gone.removeIf(one -> one.by() <= collected);
                    all.add(manifest);
                    keepNewest(Manifest.Kind.MERGED_SEGMENT_BEGUN, all);
                }
                default -> all.add(manifest);
            }
        }
        return new ArchiveState(more.getLast().number(), newHash, all, gone);
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
        those.forEach(one -> gone.add(new Replaced(one, merged.number())));
    }

    /** Is a file in force, or still there for those who know no newer state? */
    boolean names(FileRef file) {
        return Stream.concat(manifests.stream(), replaced.stream().map(Replaced::manifest))
                .anyMatch(one -> one.files().contains(file) || one.catalog().equals(file));
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

    /** What is there without a gap, in the order of time; none before the first base. */
    public List<Stretch> stretches() {
        List<Stretch> stretches = new ArrayList<>();
        for (Manifest base : bases()) {
            List<Manifest> segments = new ArrayList<>();
            List<Manifest> tableBases = new ArrayList<>();
            List<Manifest> foldedBases = new ArrayList<>();
            Manifest last = base;
            Position reached = base.span().to();
            for (Manifest manifest : after(base)) {
                last = manifest;
                if (manifest.kind() == Manifest.Kind.TABLE_BASE) {
                    tableBases.add(manifest);
                } else if (manifest.kind() == Manifest.Kind.FOLDED_BASE
                        && isEnd(manifest.span().to(), segments)) {
                    foldedBases.add(manifest);
                } else if (manifest.isSegment() && manifest.span().from().equals(reached)) {
                    // What does not follow, in an archive that was tampered with, is out of reach.
                    segments.add(manifest);
                    reached = manifest.span().to();
                }
            }
            stretches.add(new Stretch(base, segments, tableBases, foldedBases, last));
        }
        return List.copyOf(stretches);
    }

    /** What is of another stretch, in an archive that was tampered with, is out of reach. */
    private static boolean isEnd(Position position, List<Manifest> segments) {
        return segments.reversed().stream()
                .anyMatch(segment -> segment.span().to().equals(position));
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
     * Was a merged segment that is in force written before an instant, or is it replaced itself?
     */
    public boolean isWrittenBefore(long number, Instant instant) {
        return Stream.concat(manifests.stream(), replaced.stream().map(Replaced::manifest))
                .filter(manifest -> manifest.number() == number)
                .allMatch(manifest -> manifest.written().isBefore(instant));
    }

    /** The manifests of the stretch that begins with a base, without it. */
    private List<Manifest> after(Manifest base) {
        return manifests.stream()
                .skip(manifests.indexOf(base) + 1L)
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

    public List<Manifest> bases() {
        return manifests.stream()
                .filter(manifest -> manifest.kind() == Manifest.Kind.BASE)
                .toList();
    }

    public List<Manifest> segments() {
        return manifests.stream().filter(Manifest::isSegment).toList();
    }
}
