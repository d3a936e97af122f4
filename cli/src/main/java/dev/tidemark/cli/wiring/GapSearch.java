package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.LogClaim;
import dev.tidemark.capture.publish.LogRewrite;
import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.log.MissingKeyException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds out why changes do not go on. Changes nothing. */
final class GapSearch {
    private final Archive archive;
    private final Manifest newest;
    private final ChangeLogTopic topic;
    private final String database;
    private final String slotName;
    private final SourceFacts facts;
    private final SlotGuard guard;
    private final Database admin;
    private final List<String> reasons = new ArrayList<>();

    private GapSearch(
            Archive archive,
            Manifest newest,
            ChangeLogTopic topic,
            String database,
            String slotName,
            SourceFacts facts,
            SlotGuard guard,
            Database admin) {
        this.archive = archive;
        this.newest = newest;
        this.topic = topic;
        this.database = database;
        this.slotName = slotName;
        this.facts = facts;
        this.guard = guard;
        this.admin = admin;
    }

    /**
     * Looks at source, change log and archive.
     *
     * @throws TidemarkException when a capture streams, so that nothing is missing, or the archive
     *     holds no base
     */
    static GapDiagnosis run(Parts parts, Archive archive, ChangeLogTopic topic)
            throws InterruptedException {
        Manifest newest =
                archive.state()
                        .newest()
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the archive " + archive.url() + " holds no base",
                                                "Run 'tidemark init': it takes the first one."));
        String database = parts.configuration().neededSource().url().database();
        refuseOtherDatabase(archive, database);
        String slot = parts.names().slot();
        return new GapSearch(
                        archive,
                        newest,
                        topic,
                        database,
                        slot,
                        SourceFacts.read(parts.replicating()),
                        new SlotGuard(parts.replicating(), slot),
                        parts.admin())
                .diagnosis();
    }

    private GapDiagnosis diagnosis() throws InterruptedException {
        Optional<SlotGuard.Slot> slot = slot();
        restored().ifPresent(reasons::add);
        slot.flatMap(SlotGuard.Slot::activePid)
                .ifPresent(
                        pid -> {
                            throw streaming(pid);
                        });
        Optional<Position> captured =
                isSame(newest.log()) && holds(newest.log()) && isAsRead(newest.log())
                        ? captured(slot)
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

    private static void refuseOtherDatabase(Archive archive, String database) {
        if (!archive.identity().database().equals(database)) {
            throw TidemarkException.refused(
                    "the archive %s is of database '%s', and source.url names '%s'"
                            .formatted(archive.url(), archive.identity().database(), database),
                    "Check source.url: an archive goes on with the database that it began with.");
        }
    }

    private TidemarkException streaming(int pid) {
        return TidemarkException.refused(
                "a capture streams from the slot '%s' (process %d of the source)"
                        .formatted(slotName, pid),
                "Stop it first. While it streams and the archiver follows, nothing is missing: without --confirm a"
                        + " base is taken beside it.");
    }

    /** Did a restored database take the source's place, and is it not prepared yet? */
    private Optional<String> restored() {
        try (Connection connection = admin.connect();
                Statement statement = connection.createStatement();
                ResultSet prepared =
                        statement.executeQuery("SELECT to_regnamespace('tidemark') IS NOT NULL")) {
            prepared.next();
            if (prepared.getBoolean(1)) {
                return Optional.empty();
            }
            return RestoreRecord.find(connection)
                    .filter(record -> record.database().equals(database))
                    .map(
                            record ->
                                    "the source was switched to its restore as of %s (%s)"
                                            .formatted(record.position(), record.commitTime()));
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot look at the %s: %s".formatted(admin, TidemarkException.reason(e)),
                    "",
                    e);
        }
    }

    private Optional<SlotGuard.Slot> slot() {
        Optional<SlotGuard.Slot> slot = guard.find();
        if (slot.isEmpty()) {
            reasons.add(String.valueOf(guard.missing().getMessage()));
        }
        return slot;
    }

    /** Is the topic the one that the archive was reading? */
    private boolean isSame(LogPoint point) throws InterruptedException {
        Optional<String> id = topic.id();
        if (id.isEmpty()) {
            reasons.add("the topic '%s' is gone".formatted(topic.name()));
        } else if (!id.get().equals(point.topicId())) {
            reasons.add("the topic '%s' was created anew".formatted(topic.name()));
        }
        return id.equals(Optional.of(point.topicId()));
    }

    /** Has it the record that the archive needs next? */
    private boolean holds(LogPoint point) throws InterruptedException {
        boolean holds = topic.holds(point.offset());
        if (!holds) {
            reasons.add(
                    "the topic '%s' lacks record %d, which the archive needs next"
                            .formatted(topic.name(), point.offset()));
        }
        return holds;
    }

    /** Are the records before that one those that were archived? */
    private boolean isAsRead(LogPoint point) throws InterruptedException {
        OptionalLong rewritten =
                point.leaderEpoch().isPresent()
                        ? LogRewrite.from(topic, point.offset(), point.leaderEpoch().get())
                        : OptionalLong.empty();
        rewritten.ifPresent(
                from ->
                        reasons.add(
                                "the topic '%s' was rewritten from record %d on"
                                        .formatted(topic.name(), from)));
        return rewritten.isEmpty();
    }

    /** The last transaction in the change log, where that goes on with source and slot. */
    private Optional<Position> captured(Optional<SlotGuard.Slot> slot) throws InterruptedException {
        try (LogClaim claim = LogClaim.prepare(topic)) {
            refusal(() -> claim.checkIsOf(facts.systemId(), facts.timeline(), database));
            slot.ifPresent(there -> refusal(() -> guard.check(there, claim.end(), there)));
            // A base that broke off left a gap without one: what is after it is in no base.
            Position from = archive.state().stretches().getLast().origin().span().to();
            return claim.lastGap()
                    .filter(gap -> !gap.to().equals(from))
                    .map(Entry.Gap::from)
                    .or(() -> Optional.of(claim.end()));
        } catch (TidemarkException e) {
            if (e.kind() != TidemarkException.Kind.REFUSED || MissingKeyException.isCauseOf(e)) {
                throw e;
            }
            reasons.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void refusal(Runnable check) {
        try {
            check.run();
        } catch (TidemarkException e) {
            reasons.add(String.valueOf(e.getMessage()));
        }
    }
}
