package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.capture.prepare.SourceCheck;
import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.capture.prepare.SynchronousCommits;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.TopicCheck;
import dev.tidemark.cli.config.SourceSettings;
import dev.tidemark.schemas.TidemarkException;
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
    private Optional<String> topicId = Optional.empty();

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
            List<Problem> found = TopicCheck.of(topic);
            problems.addAll(found);
            if (parts.configuration().capture().acknowledge() == Acknowledgement.SYNCHRONOUS) {
                problems.addAll(TopicCheck.ofSynchronous(topic));
            }
            if (found.stream().noneMatch(one -> one.severity() == Problem.Severity.ERROR)) {
                topicId = topic.id();
            }
        }
    }

    private void archive() throws InterruptedException {
        ObjectStore store = parts.store();
        try (Archive archive = Archive.open(store)) {
            look(() -> isOfTheSource(archive));
            archive.state()
                    .newest()
                    .ifPresentOrElse(newest -> continues(newest.log()), () -> holdsNoBase(archive));
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

    private void continues(LogPoint point) {
        if (topicId.isPresent() && !topicId.get().equals(point.topicId())) {
            problems.add(
                    Problem.error(
                            "the topic '%s' was created anew: its id is %s, and the archive was reading %s"
                                    .formatted(point.topic(), topicId.get(), point.topicId()),
                            "What was in the old topic and not archived is lost: 'tidemark base --from-source' takes a new base"
                                    + " and records the gap."));
        }
    }
}
