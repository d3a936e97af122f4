package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Kills parts of a deployment with SIGKILL, alone and together, at random times, and starts them
 * again in random order; pauses a service until another one may have taken over, and lets it go on.
 * Who ended without having been killed is found. All kinds come before one comes again.
 *
 * <p>SIGKILL takes nothing that a process has written from the kernel, synced or not: what is shown
 * here is the order of steps, and not what a machine without power keeps.
 */
final class Killer {
    /** What there is to kill. */
    enum Part {
        CAPTURE,
        ARCHIVER,
        KAFKA,
        POSTGRES
    }

    private static final Duration BETWEEN_STARTS_MAX = Duration.ofMillis(300);

    /** At once, soon, or so late that capture has told the source where it is. */
    private static final List<Duration> BETWEEN_KILLS_MAX =
            List.of(Duration.ZERO, Duration.ofMillis(300), Duration.ofMillis(2_500));

    /** So late that capture has told the source of all that it takes for acknowledged. */
    private static final Duration UNANSWERED = Duration.ofMillis(2_500);

    private static final Duration DOWN_MAX = Duration.ofMillis(1_500);

    /** Twice what a standby needs to take over, so that it is there sometimes and sometimes not. */
    private static final Map<Part, Duration> PAUSE_MAX =
            Map.of(Part.CAPTURE, Duration.ofSeconds(8), Part.ARCHIVER, Duration.ofSeconds(16));

    private final Deployment tidemark;
    private final Random random;
    private final Map<Part, Process> services =
            new ConcurrentHashMap<>(); // parts start beside each other
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> history = new ArrayList<>();
    private final Deque<Act> deck = new ArrayDeque<>();

    /** One disturbance, as far as it is planned. */
    private interface Act {
        void run() throws IOException, InterruptedException;
    }

    Killer(Deployment tidemark, Random random) {
        this.tidemark = tidemark;
        this.random = random;
    }

    /** Starts capture and archiver, of which it knows then. */
    void startServices() throws IOException, InterruptedException {
        start(Part.CAPTURE);
        start(Part.ARCHIVER);
    }

    /** One disturbance; on return all parts are there again, or on their way. */
    void disturb() throws IOException, InterruptedException {
        if (deck.isEmpty()) {
            deck.addAll(shuffledDeck());
        }
        deck.pop().run();
        services.forEach(this::assertAlive);
    }

    private List<Act> shuffledDeck() {
        List<Act> all = new ArrayList<>();
        for (Part part : Part.values()) {
            all.add(() -> killAndStart(List.of(part)));
        }
        for (int i = 0; i < Part.values().length; i++) {
            all.add(() -> killAndStart(someParts()));
        }
        all.add(() -> pause(Part.CAPTURE));
        all.add(() -> pause(Part.ARCHIVER));
        Collections.shuffle(all, random);
        all.addFirst(this::loseWhatIsOnTheWay); // however short the time is
        return all;
    }

    private List<Part> someParts() {
        List<Part> parts = shuffled(List.of(Part.values()));
        return parts.subList(0, 2 + random.nextInt(parts.size() - 1));
    }

    private void killAndStart(List<Part> parts) throws IOException, InterruptedException {
        for (Part part : parts) {
            kill(part);
            Clients.pause(random, BETWEEN_KILLS_MAX.get(random.nextInt(BETWEEN_KILLS_MAX.size())));
        }
        Clients.pause(random, DOWN_MAX);
        note("starts " + parts);
        List<FutureTask<Part>> starting = new ArrayList<>();
        for (Part part : shuffled(parts)) { // beside each other: a broker needs seconds
            FutureTask<Part> start = new FutureTask<>(() -> start(part), part);
            Thread.ofPlatform().name("start " + part).start(start);
            starting.add(start);
            Clients.pause(random, BETWEEN_STARTS_MAX);
        }
        for (FutureTask<Part> start : starting) {
            try {
                start.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("could not start again what was killed", e);
            }
        }
    }

    /** Of what Kafka was sent and did not take, nothing may be acknowledged to the source. */
    private void loseWhatIsOnTheWay() throws IOException, InterruptedException {
        tidemark.signalKafka("STOP");
        count("stopped kafka");
        Thread.sleep(UNANSWERED);
        killAndStart(List.of(Part.KAFKA, Part.CAPTURE));
    }

    /** Another one stands by, and perhaps takes over; in the end either of the two is killed. */
    private void pause(Part part) throws IOException, InterruptedException {
        Process first = service(part);
        Deployment.signal(first, "STOP");
        count("paused " + part);
        start(part);
        Clients.pause(random, PAUSE_MAX.getOrDefault(part, DOWN_MAX));
        if (random.nextInt(3) == 0) {
            killAndStart(List.of(random.nextBoolean() ? Part.KAFKA : Part.POSTGRES));
        }
        Deployment.signal(first, "CONT");
        Clients.pause(random, DOWN_MAX);
        Process second = service(part);
        assertAlive(part, first);
        assertAlive(part, second);
        Process killed = random.nextBoolean() ? first : second;
        services.put(part, killed == first ? second : first);
        killed.destroyForcibly().waitFor();
        count("killed " + part + " of two");
    }

    private void kill(Part part) throws InterruptedException {
        switch (part) {
            case CAPTURE, ARCHIVER -> {
                assertAlive(part, service(part));
                service(part).destroyForcibly().waitFor();
            }
            case KAFKA -> tidemark.killKafka();
            case POSTGRES -> tidemark.killPostgres();
        }
        count("killed " + part);
    }

    private void start(Part part) {
        switch (part) {
            case CAPTURE -> services.put(part, service("capture"));
            case ARCHIVER -> services.put(part, service("archiver"));
            case KAFKA -> tidemark.startKafka();
            case POSTGRES -> tidemark.startPostgres();
        }
    }

    private Process service(String command) {
        try {
            return tidemark.service(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process service(Part part) {
        Process process = services.get(part);
        if (process == null) {
            throw new IllegalStateException(part + " is no service, or not started");
        }
        return process;
    }

    private void assertAlive(Part part, Process process) {
        assertThat(process.isAlive())
                .as(() -> part + " ended and was not killed; all said:\n" + tidemark.logs())
                .isTrue();
    }

    private List<Part> shuffled(List<Part> parts) {
        List<Part> all = new ArrayList<>(parts);
        Collections.shuffle(all, random);
        return all;
    }

    private void count(String what) {
        counts.merge(what.toLowerCase(Locale.ROOT), 1, Integer::sum);
        note(what);
    }

    /** Something to be found in the history. */
    void note(String what) {
        history.add(Instant.now() + " " + what.toLowerCase(Locale.ROOT));
    }

    /** What was done, and when. */
    String history() {
        return String.join("\n", history);
    }

    /** How often what was done. */
    @Override
    public String toString() {
        return counts.toString();
    }
}
