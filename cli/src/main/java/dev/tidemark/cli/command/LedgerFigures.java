package dev.tidemark.cli.command;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.cli.output.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** What entries of the ledger come to, a line each: success rates, recovery time, backup ratio. */
final class LedgerFigures {
    private LedgerFigures() {}

    /** The lines; {@code entries} have the newest first. */
    static List<String> of(List<LedgerEntry> entries, ArchiveState state) {
        List<String> lines = new ArrayList<>();
        entries.stream()
                .collect(groupingBy(LedgerEntry::kind, TreeMap::new, toList()))
                .forEach((kind, of) -> lines.add(summary(kind, of)));
        backupRatio(entries, state).ifPresent(lines::add);
        return lines;
    }

    static String what(LedgerEntry.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String summary(LedgerEntry.Kind kind, List<LedgerEntry> entries) {
        List<Duration> good =
                entries.stream().filter(LedgerEntry::good).map(LedgerEntry::took).sorted().toList();
        String rate = "%s: %d of %d good".formatted(what(kind), good.size(), entries.size());
        return kind == LedgerEntry.Kind.RESTORE && !good.isEmpty()
                ? "%s, recovery time %s (median), %s (longest)"
                        .formatted(
                                rate,
                                Figures.duration(good.get(good.size() / 2)),
                                Figures.duration(good.getLast()))
                : rate;
    }

    /** Of the newest base to the rows that were restored last, which is about as many. */
    private static Optional<String> backupRatio(List<LedgerEntry> entries, ArchiveState state) {
        Optional<LedgerEntry> restored =
                entries.stream()
                        .filter(entry -> entry.kind() == LedgerEntry.Kind.RESTORE && entry.good())
                        .filter(entry -> entry.bytes() > 0)
                        .findFirst();
        long stored = state.stretches().isEmpty() ? 0 : newestBase(state.stretches().getLast());
        return restored.filter(any -> stored > 0)
                .map(
                        last ->
                                "backup ratio: %.1f (%s of rows as text, restored last, and %s in the newest base)"
                                        .formatted(
                                                (double) last.bytes() / stored,
                                                Figures.bytes(last.bytes()),
                                                Figures.bytes(stored)));
    }

    private static long newestBase(Stretch stretch) {
        return stretch.baseBefore(stretch.end().span().to()).files().stream()
                .filter(file -> file.kind() == FileRef.Kind.BASE)
                .mapToLong(FileRef::bytes)
                .sum();
    }
}
