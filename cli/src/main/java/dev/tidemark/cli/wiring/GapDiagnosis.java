package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.LogClaim;
import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What keeps a source's changes from going on to its archive where they stopped. Changes nothing.
 *
 * @param source the server that is there now
 * @param archived the last transaction that the archive has
 * @param archivedTime its commit time
 * @param captured the last transaction in the change log, where that can be read on
 * @param isOtherSystem is the source another cluster than the archive's?
 * @param reasons why changes do not go on; empty when they would
 */
public record GapDiagnosis(
        SourceFacts source,
        Position archived,
        Instant archivedTime,
        Optional<Position> captured,
        boolean isOtherSystem,
        List<String> reasons) {
    public GapDiagnosis {
        reasons = List.copyOf(reasons);
    }

    /**
     * Looks at source, change log and archive.
     *
     * @throws TidemarkException when a capture streams, so that nothing is missing, or the archive
     *     holds no base
     */
    static GapDiagnosis of(Parts parts, Archive archive, ChangeLogTopic topic)
            throws InterruptedException {
        Manifest newest =
                archive.state()
                        .newest()
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the archive " + archive.url() + " holds no base",
                                                "Run 'tidemark init': it takes the first one."));
        refuseOtherDatabase(parts, archive);
        List<String> reasons = new ArrayList<>();
        SourceFacts facts = SourceFacts.read(parts.replicating());
        SlotGuard guard = new SlotGuard(parts.replicating(), parts.names().slot());
        Optional<SlotGuard.Slot> slot = slot(guard, reasons);
        slot.flatMap(SlotGuard.Slot::activePid)
                .ifPresent(
                        pid -> {
                            throw streaming(parts.names().slot(), pid);
                        });
        Optional<Position> captured =
                isSame(topic, newest.log(), reasons) && holds(topic, newest.log(), reasons)
                        ? captured(
                                parts,
                                guard,
                                slot,
                                facts,
                                topic,
                                archive.state().stretches().getLast(),
                                reasons)
                        : Optional.empty();
        boolean isOther = !archive.systemId().equals(facts.systemId());
        if (isOther) {
            reasons.add(
                    "the source is system %s, and the archive's was %s"
                            .formatted(facts.systemId(), archive.systemId()));
        } else if (newest.timeline() != facts.timeline()) {
            reasons.add(
                    "the source is on timeline %d, and the archive's was on %d"
                            .formatted(facts.timeline(), newest.timeline()));
        }
        return new GapDiagnosis(
                facts, newest.span().to(), newest.span().lastCommit(), captured, isOther, reasons);
    }

    private static void refuseOtherDatabase(Parts parts, Archive archive) {
        String database = parts.configuration().neededSource().url().database();
        if (!archive.identity().database().equals(database)) {
            throw TidemarkException.refused(
                    "the archive %s is of database '%s', and source.url names '%s'"
                            .formatted(archive.url(), archive.identity().database(), database),
                    "Check source.url: an archive goes on with the database that it began with.");
        }
    }

    private static TidemarkException streaming(String slot, int pid) {
        return TidemarkException.refused(
                "a capture streams from the slot '%s' (process %d of the source)"
                        .formatted(slot, pid),
                "Stop it first. While it streams and the archiver follows, nothing is missing.");
    }

    private static Optional<SlotGuard.Slot> slot(SlotGuard guard, List<String> reasons) {
        Optional<SlotGuard.Slot> slot = guard.find();
        if (slot.isEmpty()) {
            reasons.add(String.valueOf(guard.missing().getMessage()));
        }
        return slot;
    }

    /** Is the topic the one that the archive was reading? */
    private static boolean isSame(ChangeLogTopic topic, LogPoint point, List<String> reasons)
            throws InterruptedException {
        Optional<String> id = topic.id();
        if (id.isEmpty()) {
            reasons.add("the topic '%s' is gone".formatted(topic.name()));
        } else if (!id.get().equals(point.topicId())) {
            reasons.add("the topic '%s' was created anew".formatted(topic.name()));
        }
        return id.equals(Optional.of(point.topicId()));
    }

    /** Has it the record that the archive needs next? */
    private static boolean holds(ChangeLogTopic topic, LogPoint point, List<String> reasons)
            throws InterruptedException {
        boolean holds = topic.holds(point.offset());
        if (!holds) {
            reasons.add(
                    "the topic '%s' lacks record %d, which the archive needs next"
                            .formatted(topic.name(), point.offset()));
        }
        return holds;
    }

    private static Optional<Position> captured(
            Parts parts,
            SlotGuard guard,
            Optional<SlotGuard.Slot> slot,
            SourceFacts facts,
            ChangeLogTopic topic,
            Stretch stretch,
            List<String> reasons)
            throws InterruptedException {
        try (LogClaim claim = LogClaim.prepare(topic)) {
            refusal(
                    () ->
                            claim.checkIsOf(
                                    facts.systemId(),
                                    facts.timeline(),
                                    parts.configuration().neededSource().url().database()),
                    reasons);
            slot.ifPresent(there -> refusal(() -> guard.check(there, claim.end(), there), reasons));
            // A base that broke off left a gap without one: what is after it is in no base.
            return claim.lastGap()
                    .filter(gap -> !gap.to().equals(stretch.from()))
                    .map(Entry.Gap::from)
                    .or(() -> Optional.of(claim.end()));
        } catch (TidemarkException e) {
            if (e.kind() != TidemarkException.Kind.REFUSED) {
                throw e;
            }
            reasons.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static void refusal(Runnable check, List<String> reasons) {
        try {
            check.run();
        } catch (TidemarkException e) {
            reasons.add(String.valueOf(e.getMessage()));
        }
    }
}
