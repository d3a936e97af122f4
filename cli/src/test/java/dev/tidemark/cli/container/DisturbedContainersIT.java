package dev.tidemark.cli.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Bank;
import dev.tidemark.cli.Clients;
import dev.tidemark.cli.Truth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to a container or to the network between two of them while people work: the
 * services go on by themselves, each restore is what the source was, and what a client was told of
 * is kept.
 */
@OnDocker
final class DisturbedContainersIT {
    private static final int SESSIONS = 3;
    private static final Duration THINKING_MAX = Duration.ofMillis(60);

    /** Some work before, between and after. */
    private static final Duration UNDISTURBED = Duration.ofSeconds(2);

    /** Longer than a service waits for an answer before it takes a stream for dead. */
    private static final Duration CUT = Duration.ofSeconds(15);

    @TempDir private static Path directory;

    private static Site site;
    private static Bank bank;
    private static int number;

    /** What happens, and how it ends: all parts are there again then. */
    private interface Disturbance {
        void run() throws Exception;
    }

    private record Named(String name, Disturbance disturbance) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        site = new Site(directory);
        site.startServers();
        bank = Bank.create(site.server());
        site.succeed("init");
        site.startServices();
        site.awaitWorking();
    }

    @AfterAll
    static void stop() {
        if (site != null) {
            site.close();
        }
    }

    /** Some come at once, to save time: each service knows of its own alone. */
    static Stream<Named> disturbances() {
        return Stream.of(
                new Named(
                        "neither source nor storage can be reached",
                        () -> cut(Link.CAPTURE_AND_SOURCE, Link.ARCHIVER_AND_STORAGE)),
                new Named(
                        "Kafka cannot be reached",
                        () -> cut(Link.CAPTURE_AND_KAFKA, Link.ARCHIVER_AND_KAFKA)),
                new Named(
                        "the storage cannot be reached by capture, and a broker by nobody",
                        DisturbedContainersIT::cutStorageAndBroker),
                new Named("brokers are killed", DisturbedContainersIT::killBrokers),
                new Named("services are killed", DisturbedContainersIT::killServices),
                new Named("services are replaced", DisturbedContainersIT::replaceServices),
                new Named("the storage ends", DisturbedContainersIT::endStorage),
                new Named("services start before all others", DisturbedContainersIT::startFirst));
    }

    private static void cut(Link... links) {
        List<Link> all = List.of(links);
        all.forEach(link -> site.service(link).cut(link));
        try {
            all.forEach(DisturbedContainersIT::awaitNoticed);
        } finally {
            all.forEach(link -> site.service(link).connect(link));
        }
    }

    private static void awaitNoticed(Link link) {
        Part service = site.service(link);
        site.await(link + " to be missed", () -> !service.isReady());
    }

    /**
     * Capture is ready without the storage, where it has something to do after certain commands
     * only.
     */
    private static void cutStorageAndBroker() {
        Part broker = site.brokers().get(1);
        Part capture = site.service(Link.CAPTURE_AND_STORAGE);
        broker.cutAll();
        capture.cut(Link.CAPTURE_AND_STORAGE);
        try {
            pause(CUT);
        } finally {
            broker.connectAll();
            capture.connect(Link.CAPTURE_AND_STORAGE);
        }
    }

    /** One after another, so that the one that leads is among them. */
    private static void killBrokers() {
        for (Part broker : site.brokers()) {
            broker.kill();
            pause(UNDISTURBED);
            broker.startAgain();
            site.await("a broker", broker::listens);
        }
    }

    private static void killServices() {
        site.services().forEach(Part::kill);
        pause(UNDISTURBED);
        site.services().forEach(Part::startAgain);
    }

    /** While the first ones stand still others take over, and the first wake up beside them. */
    private static void replaceServices() {
        List<Part> first = site.services();
        first.forEach(Part::pause);
        try {
            site.startServices();
            site.awaitSaid(Link.CAPTURE_AND_SOURCE, "capturing source");
            site.awaitSaid(Link.ARCHIVER_AND_KAFKA, "archiving 'tidemark.crm'");
        } finally {
            first.forEach(Part::goOn);
            pause(UNDISTURBED);
            first.forEach(Part::close);
        }
    }

    private static void endStorage() {
        site.storage().end();
        try {
            awaitNoticed(Link.ARCHIVER_AND_STORAGE);
        } finally {
            site.storage().startAgain();
        }
    }

    /** As when a machine starts: they wait for the source, Kafka and the storage. */
    private static void startFirst() {
        site.services().forEach(Part::kill);
        site.servers().forEach(Part::kill);
        site.services().forEach(Part::startAgain);
        pause(CUT);
        assertThat(site.services()).allMatch(Part::isRunning).noneMatch(Part::isReady);
        site.servers().forEach(Part::startAgain);
    }

    private static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }

    @ParameterizedTest
    @MethodSource("disturbances")
    void nothingIsLostAndNothingIsInvented(Named disturbance) throws Exception {
        Truth during;
        try (Clients clients = new Clients(site.server())) {
            Random seeds = new Random(number);
            for (int i = 0; i < SESSIONS; i++) {
                bank.openAt(clients, "bank-" + i, new Random(seeds.nextLong()), THINKING_MAX);
            }
            pause(UNDISTURBED);
            disturbance.disturbance().run();
            site.awaitSource();
            during = site.server().truth("crm");
            site.awaitWorking();
            pause(UNDISTURBED);
            clients.close();
            assertThat(clients.failures()).isEmpty();
        }
        Truth last = site.server().truth("crm");
        assertThat(last.tables()).as("work went on").isNotEqualTo(during.tables());
        site.awaitArchivedPast(last);

        String restored = "restored_" + number++;
        assertThat(site.restored(restored, during.position().toString()))
                .isEqualTo(during.tables());
        bank.assertBalanced(site.server(), restored);
        assertThat(site.restored(restored, "latest")).isEqualTo(last.tables());
        bank.assertKept(site.server(), restored);
    }
}
