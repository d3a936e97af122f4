package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.capture.prepare.SourceCheck;
import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.capture.prepare.SynchronousCommits;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.EncryptionCheck;
import dev.tidemark.capture.publish.TopicCheck;
import dev.tidemark.cli.config.SourceSettings;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.log.Announcement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the source and at the way from there to the archive for all that could make a later
 * restore inexact or impossible. A part that cannot be looked at is a problem like others, so that
 * those of the other parts are reported with it. Leaves nothing behind.
 */
public final class WayCheck {
    private final Parts parts;
    private final List<Problem> problems = new ArrayList<>();
    private Optional<SourceFacts> facts = Optional.empty();
    private Optional<Log> log = Optional.empty();

    /** The topic as it is: the offsets of the first record and of the one that comes next. */
    private record Log(
            String topicId, long beginning, long end, Optional<Announcement> announced) {}

    /** A look at one part. */
    private interface Look {
        void run() throws InterruptedException;
    }

    private WayCheck(Parts parts) {
        this.parts = parts;
    }

    /** All problems, in the order of the way. */
    public static List<Problem> run(Parts parts) throws InterruptedException {
        WayCheck check = new WayCheck(parts);
        check.look(check::source);
        check.look(check::changeLog);
        check.look(check::archive);
        return List.copyOf(check.problems);
    }

    private void look(Look part) throws InterruptedException {
        try {
            part.run();
        } catch (TidemarkException e) {
            if (e.kind() == TidemarkException.Kind.USAGE) {
                throw e;
            }
            problems.add(Problem.of(e));
        }
    }

    private void source() {
        problems.addAll(SourceCheck.prepared(parts.source(), parts.preparation()));
        problems.addAll(
                SynchronousCommits.check(
                        parts.source(),
                        parts.names(),
                        parts.configuration().capture().acknowledge()));
        facts = Optional.of(SourceFacts.read(parts.source()));
    }

    private void changeLog() throws InterruptedException {
        try (Brokers brokers = parts.brokersAtWork()) {
            ChangeLogTopic topic = parts.topic(brokers.bootstrapServers());
            problems.addAll(TopicCheck.of(topic));
            if (parts.configuration().capture().acknowledge() == Acknowledgement.SYNCHRONOUS) {
                problems.addAll(TopicCheck.ofSynchronous(topic));
            }
            Optional<String> id = topic.id();
            if (id.isPresent()) {
                log =
                        Optional.of(
                                new Log(
                                        id.get(),
                                        topic.beginning(),
                                        topic.end(),
                                        topic.announced()));
                problems.addAll(
                        EncryptionCheck.of(
                                topic, parts.configuration().neededKafka().isEncrypted()));
            }
        }
    }

    private void archive() throws InterruptedException {
        ObjectStore store = parts.store();
        try (Archive archive = Archive.open(store, parts.keys())) {
            archive.signWith(parts.configuration().proof().signing());
            archive.checkSigning();
            look(() -> isOfTheSource(archive));
            Optional<LogPoint> point = archive.state().newest().map(Manifest::log);
            if (point.isEmpty()) {
                holdsNoBase(archive);
            } else if (log.isPresent()) {
                continues(point.get(), log.get());
            }
            archive.contradicts(log.flatMap(Log::announced)).ifPresent(this::wasReplaced);
            store.probe();
        } catch (IOException e) {
            throw Parts.unreadable(store, e);
        }
    }

    private void isOfTheSource(Archive archive) {
        SourceSettings source = parts.configuration().neededSource();
        archive.checkIsOf(
                source.name(),
                facts.map(SourceFacts::systemId).orElse(archive.systemId()),
                source.url().database());
    }

    private void holdsNoBase(Archive archive) {
        problems.add(
                Problem.error(
                        "the archive " + archive.url() + " holds no base",
                        "Run 'tidemark init' again: it cleans up and starts anew."));
    }

    private void wasReplaced(String how) {
        problems.add(
                Problem.warning(
                        how,
                        "Check archive.url. If the archive was put back on purpose, start the archiver: whatever the change log"
                                + " lacks stops it with a message."));
    }

    private void continues(LogPoint point, Log there) throws InterruptedException {
        if (!there.topicId().equals(point.topicId())) {
            problems.add(
                    Problem.error(
                            "the topic '%s' was created anew: its id is %s, and the archive was reading %s"
                                    .formatted(point.topic(), there.topicId(), point.topicId()),
                            "What was in the old topic and not archived is lost: 'tidemark base --from-source' takes a new base"
                                    + " and records the gap."));
        } else if (point.offset() < there.beginning()
                || (point.offset() > there.end() && point.offset() > endNow())) {
            problems.add(
                    Problem.error(
                            "the topic '%s' holds records %d to %d, and the archive needs %d next"
                                    .formatted(
                                            point.topic(),
                                            there.beginning(),
                                            there.end(),
                                            point.offset()),
                            "What is missing is lost, unless it can be put back: 'tidemark base --from-source' takes a new base"
                                    + " and records the gap."));
        }
    }

    /** Services at work may have gone on since the log was looked at. */
    private long endNow() throws InterruptedException {
        try (Brokers brokers = parts.brokersAtWork()) {
            return parts.topic(brokers.bootstrapServers()).end();
        }
    }
}
