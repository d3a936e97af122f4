package dev.tidemark.cli.wiring;

import dev.tidemark.cli.metrics.ServiceState;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service running: after a failure it waits and runs it again, for as long as it takes,
 * since a service that gave up at night would leave a gap. What trying again cannot help ends it.
 */
public final class Supervisor {
    private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration PAUSE_FIRST = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX =
            Duration.ofSeconds(30); // an outage that ends is noticed within this

    private Supervisor() {}

    /** A service; it returns only when it was interrupted. */
    public interface Service {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Runs a service until this thread is interrupted.
     *
     * @param state is told how it fares
     * @throws TidemarkException when it refuses to run
     */
    public static void keepRunning(ServiceState state, Service service)
            throws InterruptedException {
        Duration pause = PAUSE_FIRST;
        while (true) {
            long started = System.nanoTime();
            state.running();
            try {
                service.run();
                return;
            } catch (TidemarkException e) {
                throwIfInterrupted();
                if (e.kind() != TidemarkException.Kind.FAILED) {
                    throw e;
                }
                pause = ranLong(started) ? PAUSE_FIRST : pause;
                state.retrying();
                log.error(
                        "{}: {}; trying again in {} s. HINT: {}",
                        state.name(),
                        e.getMessage(),
                        pause.toSeconds(),
                        e.hint());
                log.debug("the failure was", e);
            } catch (InterruptException e) {
                throw new InterruptedException("interrupted while talking to Kafka");
            } catch (IOException | KafkaException e) {
                throwIfInterrupted();
                pause = ranLong(started) ? PAUSE_FIRST : pause;
                state.retrying();
                log.error(
                        "{}: {}; trying again in {} s. HINT: Nothing is lost meanwhile. {}",
                        state.name(),
                        TidemarkException.messageOf(e),
                        pause.toSeconds(),
                        hint(e));
                log.debug("the failure was", e);
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
        }
    }

    /** What to do about an error that nobody has put into words. */
    static String hint(Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (each instanceof FileSystemException) {
                return "Look at that file's disk, and at the rights there.";
            }
        }
        return "Check that Kafka and the storage are up.";
    }

    /** What breaks off because it has to stop did not fail. */
    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private static boolean ranLong(long started) {
        return System.nanoTime() - started > PAUSE_MAX.toNanos();
    }
}
