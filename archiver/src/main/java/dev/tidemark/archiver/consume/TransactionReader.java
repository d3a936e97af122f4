package dev.tidemark.archiver.consume;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.log.SessionFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts frames together to whole transactions. Records of replaced sessions, repeated transactions
 * and broken-off copies are left out; a transaction that does not follow from the one before it is
 * a hole, and stops everything. For one thread.
 */
public final class TransactionReader {
    private static final Logger log = LoggerFactory.getLogger(TransactionReader.class);

    /** What a record did to the stream of transactions. */
    public enum Outcome {
        /** All is well. */
        TAKEN,
        /**
         * A broken-off transaction could not be taken back: read again from where the archive
         * stands.
         */
        READ_AGAIN
    }

    private final TransactionSink sink;
    private final Standpoint start;
    private SessionFilter sessions;
    private long sessionBefore; // the one in force before the record that is being read
    private final List<OffsetRange> skipped = new ArrayList<>();
    private Position end;
    private Optional<Long> began =
            Optional.empty(); // the offset, while in a transaction that counts
    private boolean repeated; // in a transaction that the archive has
    private long entries;
    private long lastOffset;

    /**
     * Starts after the last transaction that the archive has.
     *
     * @param skipped records to leave out, since they hold broken-off copies
     */
    public TransactionReader(TransactionSink sink, Standpoint start, List<OffsetRange> skipped) {
        this.sink = sink;
        this.start = start;
        this.end = start.end();
        this.sessions = new SessionFilter(start.session());
        this.sessionBefore = start.session();
        this.skipped.addAll(skipped);
    }

    /** Takes the log's next record. */
    public Outcome take(long offset, Frame frame) throws IOException {
        sessionBefore = sessions.current();
        boolean counts = sessions.accepts(offset, frame);
        if (!counts && frame.session() > sessions.current()) {
            throw hole(
                    offset,
                    "the record that opened its session, %d, is missing"
                            .formatted(frame.session()));
        }
        if (!counts) {
            log.warn("left out record {} of a session that was replaced", offset);
            return Outcome.TAKEN;
        }
        if (skipped.stream().anyMatch(range -> range.contains(offset))) {
            return Outcome.TAKEN;
        }
        checkGap(frame, offset);
        for (Entry entry : frame.entries()) {
            if (take(entry, offset) == Outcome.READ_AGAIN) {
                return Outcome.READ_AGAIN;
            }
        }
        lastOffset = offset;
        return Outcome.TAKEN;
    }

    /** The session in force. */
    public long session() {
        return sessions.current();
    }

    /**
     * After a hole: takes a transaction that is open back, so that what is whole before it can be
     * published, and the record with the hole, so that it is read again. Nothing can be read after
     * that.
     *
     * @param offset of the record with the hole, or of one that is missing before it
     * @return the offset from which to read on; empty when it cannot be taken back
     */
    public Optional<Long> breakOffAtHole(long offset) {
        sessions = new SessionFilter(sessionBefore);
        if (began.isEmpty()) {
            repeated = false;
            return Optional.of(offset);
        }
        Optional<Long> beginning = sink.takeBack() ? began : Optional.empty();
        began = Optional.empty();
        return beginning;
    }

    /** Records to leave out when the same part of the log is read again. */
    public List<OffsetRange> skipped() {
        return List.copyOf(skipped);
    }

    /** Is a transaction open? Between transactions a segment may end. */
    public boolean isInTransaction() {
        return began.isPresent() || repeated;
    }

    private Outcome take(Entry entry, long offset) throws IOException {
        switch (entry) {
            case Entry.Session session -> {
                checkIsOfTheSource(session, offset);
                log.info("session {} at record {}: {}", session.id(), offset, session.writer());
                return breakOff();
            }
            case Entry.Begin begin -> {
                if (breakOff() == Outcome.READ_AGAIN) {
                    return Outcome.READ_AGAIN;
                }
                begin(begin, offset);
            }
            case Entry.End whole -> end(whole, offset);
            case Entry.Gap gap -> {} // the base that the archive goes on from, see checkGap
            default -> {
                entries++;
                if (began.isPresent()) {
                    sink.add(entry);
                }
            }
        }
        return Outcome.TAKEN;
    }

    /**
     * The log goes on after a gap: the archive too, once it has the base that ends the gap. Until
     * then nothing here is an answer, also not whose log it is.
     */
    private void checkGap(Frame frame, long offset) {
        if (frame.entries().getLast() instanceof Entry.Gap gap && !gap.to().equals(end)) {
            throw TidemarkException.failed(
                    "the change log goes on after a gap from %s to %s at record %d, and the archive has no base there yet"
                            .formatted(gap.from(), gap.to(), offset),
                    "'tidemark base --from-source' is at work, or broke off: then run it again. Archiving goes on by itself"
                            + " when the base is there.");
        }
    }

    private void checkIsOfTheSource(Entry.Session session, long offset) {
        if (!start.isOfTheSourceOf(session)) {
            throw TidemarkException.refused(
                    "record %d of the change log is of database '%s' in system %s on timeline %d, and the archive is of '%s' in system %s on timeline %d"
                            .formatted(
                                    offset,
                                    session.database(),
                                    session.systemId(),
                                    session.timeline(),
                                    start.database(),
                                    start.systemId(),
                                    start.timeline()),
                    "Positions of the two do not compare, so nothing from there on is archived. Check source.name, source.url"
                            + " and kafka.bootstrap-servers; after a failover or an upgrade 'tidemark base --from-source' takes a new"
                            + " base and records the gap.");
        }
    }

    private void begin(Entry.Begin begin, long offset) {
        entries = 0;
        if (begin.previous().isBefore(end)) {
            repeated = true;
            return;
        }
        if (begin.previous().isAfter(end)) {
            throw hole(
                    offset,
                    "the transaction after %s follows the one at %s"
                            .formatted(end, begin.previous()));
        }
        began = Optional.of(offset);
        sink.begin(begin, offset);
    }

    private void end(Entry.End whole, long offset) throws IOException {
        if (repeated) {
            if (whole.position().isAfter(end)) {
                throw hole(
                        offset,
                        "the transaction at %s follows one before %s"
                                .formatted(whole.position(), end));
            }
            repeated = false;
            log.info("left out the transaction at {}, which the archive has", whole.position());
            return;
        }
        if (began.isEmpty()) {
            throw hole(
                    offset,
                    "the transaction at %s ends without a beginning".formatted(whole.position()));
        }
        if (whole.changes() != entries) {
            throw hole(
                    offset,
                    "the transaction at %s has %d entries, and %d came"
                            .formatted(whole.position(), whole.changes(), entries));
        }
        sink.end(whole);
        end = whole.position();
        began = Optional.empty();
    }

    private Outcome breakOff() {
        repeated = false;
        if (began.isEmpty()) {
            return Outcome.TAKEN;
        }
        OffsetRange copy = new OffsetRange(began.get(), Math.max(began.get(), lastOffset));
        log.info(
                "left out a broken-off transaction in records {} to {}", copy.first(), copy.last());
        began = Optional.empty();
        if (sink.takeBack()) {
            return Outcome.TAKEN;
        }
        skipped.add(copy);
        return Outcome.READ_AGAIN;
    }

    private static TidemarkException hole(long offset, String how) {
        return TidemarkException.failed(
                "the change log has a hole before record " + offset + ": " + how,
                "Nothing after it can be archived without a new base: 'tidemark base --from-source' takes one and records"
                        + " the gap. First see in docs/runbook.md whether what is missing can be put back.");
    }
}
