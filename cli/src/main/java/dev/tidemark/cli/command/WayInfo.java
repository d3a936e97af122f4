package dev.tidemark.cli.command;

import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.cli.config.ObjectiveSettings;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.WayNow;
import dev.tidemark.schemas.change.Position;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code info} says of the way from the source to the archive.
 *
 * @param isCapturing does somebody stream from the slot?
 * @param written how far the source's own log is
 * @param acknowledged the source knows that all up to here is safe
 * @param heldBytes what the source keeps of its log for capture
 * @param roomBytes how much more it keeps before the slot is lost; empty without a limit
 * @param captured the last transaction in the change log
 * @param rpo how old that is: what would be lost with the source now, at most, and not less than a
 *     heartbeat
 * @param rpoObjective as configured
 * @param isRpoMet empty without an objective, or when nothing is known
 * @param notKnown what could not be looked at, and why
 */
record WayInfo(
        Optional<Boolean> isCapturing,
        Optional<Position> written,
        Optional<Position> acknowledged,
        Optional<Long> heldBytes,
        Optional<Long> roomBytes,
        Optional<Position> captured,
        Optional<Instant> capturedTime,
        Optional<Duration> rpo,
        Optional<Duration> rpoObjective,
        Optional<Boolean> isRpoMet,
        List<String> notKnown) {
    static WayInfo of(
            WayNow now, ArchiveInfo archive, ObjectiveSettings objectives, Instant clock) {
        Optional<SlotGuard.Slot> slot = now.slot();
        // What is archived already may be later than the last record that has a time.
        Optional<Duration> rpo =
                now.captured()
                        .map(captured -> now.capturedTime().orElse(archive.lastMoment()))
                        .map(time -> Duration.between(time, clock))
                        // what was committed since the clock was looked at
                        .map(is -> is.isNegative() ? Duration.ZERO : is);
        return new WayInfo(
                slot.map(of -> of.activePid().isPresent()),
                slot.map(SlotGuard.Slot::written),
                slot.map(SlotGuard.Slot::acknowledged),
                slot.map(SlotGuard.Slot::heldBytes),
                slot.flatMap(SlotGuard.Slot::roomBytes),
                now.captured(),
                now.capturedTime(),
                rpo,
                objectives.rpo(),
                rpo.flatMap(is -> objectives.rpo().map(most -> is.compareTo(most) <= 0)),
                now.notKnown());
    }

    void print(PrintStream out) {
        captured.ifPresent(
                position ->
                        out.printf(
                                "captured  %s%s%s%n",
                                position,
                                capturedTime.map(time -> ", committed " + time).orElse(""),
                                isCapturing
                                        .map(is -> is ? "" : "; no capture is at work")
                                        .orElse("")));
        heldBytes.ifPresent(
                held ->
                        out.printf(
                                "source    at %s, keeps %s of its log for capture%s%n",
                                written.orElseThrow(),
                                Figures.bytes(held),
                                roomBytes
                                        .map(
                                                room ->
                                                        ", %s more before the slot is lost"
                                                                .formatted(Figures.bytes(room)))
                                        .orElse("")));
        rpo.ifPresent(
                is ->
                        out.printf(
                                "rpo       %s now%s%n",
                                Figures.duration(is), Objective.words(rpoObjective, isRpoMet)));
        notKnown.forEach(what -> out.printf("not known %s%n", what));
    }
}
