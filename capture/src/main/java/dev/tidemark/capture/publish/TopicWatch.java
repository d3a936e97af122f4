package dev.tidemark.capture.publish;

import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.schemas.TidemarkException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks at a topic's settings while capture works, in a daemon thread of its own: somebody may have
 * told Kafka to drop records that are not archived yet. What is wrong is logged when it is found,
 * and again when it changed.
 */
public final class TopicWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicWatch.class);

    /** Kafka looks every five minutes for what it may drop. */
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final ChangeLogTopic topic;
    private final Thread thread;

    private TopicWatch(ChangeLogTopic topic) {
        this.topic = topic;
        this.thread = Thread.ofPlatform().daemon().name("watch-topic").unstarted(this::run);
    }

    /** Looks until it is closed. */
    public static TopicWatch start(ChangeLogTopic topic) {
        TopicWatch watch = new TopicWatch(topic);
        watch.thread.start();
        return watch;
    }

    private void run() {
        List<Problem> known = List.of();
        try {
            while (true) {
                known = look(known);
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is to stop
        }
    }

    private List<Problem> look(List<Problem> known) throws InterruptedException {
        try {
            List<Problem> found = TopicCheck.of(topic);
            if (!found.equals(known)) {
                found.forEach(
                        problem ->
                                log.atLevel(
                                                problem.severity() == Problem.Severity.ERROR
                                                        ? Level.ERROR
                                                        : Level.WARN)
                                        .log("{}. HINT: {}", problem.what(), problem.hint()));
            }
            return found;
        } catch (TidemarkException e) {
            log.debug("cannot look at the topic", e); // capture itself notices
            return known;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
