package dev.tidemark.cli.embedded;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real Kafka broker in a directory, as a process of its own: one node that is its own
 * controller. Its data is in {@code data}, its log in {@code broker.log}.
 *
 * <p>The data outlives the broker: started again on the same directory, it goes on where it was,
 * after a kill too, and on the same port when that is still free. It ends with this process. Any
 * thread may use it.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaBroker.class);

    /** A start takes 3 s; a loaded machine, or a log to recover, is given twenty times that. */
    private static final Duration READY_MAX = Duration.ofSeconds(60);

    /** A stop flushes what is in memory and takes a second. */
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private static final Duration CLOSE_MAX = Duration.ofSeconds(4);

    /** Another process may take a free port before the broker does; three times is no chance. */
    private static final int ATTEMPTS_MAX = 3;

    /** A single topic's worth of work: measured, 130 MB are in use under full load. */
    private static final String HEAP = "-Xmx320m";

    private final LoopbackPort port;
    private final ServerProcess process;
    private volatile boolean isStopping;

    private KafkaBroker(LoopbackPort port, ServerProcess process) {
        this.port = port;
        this.process = process;
    }

    /**
     * Starts a broker, and returns when it answers. {@code settings} are the broker's own, such as
     * {@code log.flush.interval.messages}, and go before those chosen here; {@code listeners} come
     * beside the own one.
     */
    public static KafkaBroker start(Path directory, Map<String, String> settings) {
        Path absolute = directory.toAbsolutePath();
        try {
            Files.createDirectories(absolute);
            if (isInUse(absolute)) { // before its files are written
                throw inUse(absolute);
            }
            return launch(absolute, settings);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot start the embedded Kafka in %s: %s"
                            .formatted(absolute, TidemarkException.reason(e, absolute)),
                    "Check that the directory can be written.",
                    e);
        }
    }

    /**
     * The address of the broker that another process, or this one, runs in a directory.
     *
     * @return empty when none runs there
     */
    public static Optional<String> running(Path directory) {
        try {
            return isInUse(directory)
                    ? Optional.of(LoopbackPort.namedIn(directory.resolve("port")).address())
                    : Optional.empty();
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot look for the embedded Kafka in %s: %s"
                            .formatted(directory, TidemarkException.reason(e, directory)),
                    "Check that the directory can be read.",
                    e);
        }
    }

    /** A broker holds the lock for as long as it lives. */
    private static boolean isInUse(Path directory) throws IOException {
        Path file = directory.resolve(BrokerProcess.LOCK);
        if (!Files.exists(file)) {
            return false;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            return lock == null;
        }
    }

    private static TidemarkException inUse(Path directory) {
        return TidemarkException.refused(
                "the embedded Kafka in %s is already running".formatted(directory),
                "Stop the other process that uses this directory, or name another one.");
    }

    private static KafkaBroker launch(Path directory, Map<String, String> settings)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            var port = LoopbackPort.rememberedIn(directory.resolve("port"));
            var controller = LoopbackPort.rememberedIn(directory.resolve("controller.port"));
            write(properties(directory, port, controller, settings), directory);
            var process =
                    ServerProcess.start(
                            "Kafka", command(directory), directory.resolve("broker.log"));
            if (process.awaitReady(port::answers, READY_MAX) && answers(port, process)) {
                return new KafkaBroker(port, process);
            }
            if (process.exitCode() == BrokerProcess.EXIT_IN_USE) {
                throw inUse(directory);
            }
            if (attempt == ATTEMPTS_MAX || (port.isFree() && controller.isFree())) {
                throw process.failure("ended with code " + process.exitCode());
            }
        }
    }

    private static Properties properties(
            Path directory,
            LoopbackPort port,
            LoopbackPort controller,
            Map<String, String> settings) {
        var all = new Properties();
        all.put("auto.create.topics.enable", "false");
        all.put("group.initial.rebalance.delay.ms", "0");
        // The broker's own topics, for one node with a handful of consumer groups.
        all.put("offsets.topic.num.partitions", "1");
        all.put("offsets.topic.replication.factor", "1");
        all.put("transaction.state.log.num.partitions", "1");
        all.put("transaction.state.log.replication.factor", "1");
        all.put("transaction.state.log.min.isr", "1");
        // The default of 128 MiB is meant for brokers that compact large topics.
        all.put("log.cleaner.dedupe.buffer.size", "4194304");
        // After a kill the controller waits for the old broker's session to end; the default is 9
        // s.
        all.put("broker.session.timeout.ms", "3000");
        all.put("broker.heartbeat.interval.ms", "500");
        all.putAll(settings);
        String client = "PLAINTEXT://" + port.address() + more(settings);
        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        all.put("listeners", client + ",CONTROLLER://" + controller.address());
        all.putIfAbsent("advertised.listeners", client);
        all.put("controller.listener.names", "CONTROLLER");
        all.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL");
        // Voters named here, not in the data, may change their port between two starts.
        all.put("controller.quorum.voters", "1@" + controller.address());
        all.put("log.dirs", directory.resolve("data").toString());
        return all;
    }

    /** Listeners that somebody wants beside that of the address. */
    private static String more(Map<String, String> settings) {
        String listeners = settings.getOrDefault("listeners", "");
        return listeners.isEmpty() ? "" : "," + listeners;
    }

    private static void write(Properties properties, Path directory) throws IOException {
        try (var out = Files.newBufferedWriter(BrokerProcess.properties(directory))) {
            properties.store(out, "Written at each start.");
        }
    }

    private static ProcessBuilder command(Path directory) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<String>();
        if (Unprivileged.isInstalled("setsid")) {
            // A Ctrl-C at the terminal is for us; we stop the broker when we no longer need it.
            command.add("setsid");
        }
        command.addAll(List.of(java, HEAP, "-XX:+UseSerialGC", "-Duser.timezone=UTC"));
        // Without the second compiler it starts in two thirds of the time, takes 40 % less of the
        // processor for its first million records, and is no slower then (150 to 250 k/s).
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Dlogback.configurationFile=dev/tidemark/cli/embedded/logback-broker.xml");
        // Log4j's API, which Kafka loads without using it, would report that it has no back end.
        command.add("-Dlog4j2.statusLoggerLevel=OFF");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(BrokerProcess.class.getName(), directory.toString()));
        return ChildEnvironment.cleaned(new ProcessBuilder(command));
    }

    /** True when a client gets an answer; false when the broker ended instead. */
    private static boolean answers(LoopbackPort port, ServerProcess process) {
        var settings =
                Map.<String, Object>of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        port.address(),
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(READY_MAX.toMillis()));
        Admin admin = Admin.create(settings);
        try {
            var nodes = admin.describeCluster().nodes();
            return process.awaitReady(
                    () -> nodes.isDone() && !nodes.isCompletedExceptionally(), READY_MAX);
        } finally {
            admin.close(Duration.ofSeconds(1)); // by default it would wait for the answer
        }
    }

    /** As the clients' setting {@code bootstrap.servers} wants it. */
    public String bootstrapServers() {
        return port.address();
    }

    /** Its process. */
    public long pid() {
        return process.pid();
    }

    /** Tells, in another thread, when the broker ends without having been asked to. */
    public void whenBroken(Consumer<TidemarkException> reaction) {
        process.whenEnded(
                () -> {
                    if (!isStopping) {
                        reaction.accept(
                                process.failure("ended by itself with code " + process.exitCode()));
                    }
                });
    }

    /** Stops the broker as an operator would (SIGTERM). */
    public void stop() {
        isStopping = true;
        process.terminate();
        if (!process.endsWithin(STOP_MAX)) {
            process.kill();
            throw process.failure("did not stop in " + STOP_MAX.toSeconds() + " s and was killed");
        }
        process.closeInput();
    }

    /** Ends the broker with SIGKILL, as a crash would. */
    public void kill() {
        process.kill();
    }

    /**
     * Stops the broker, at any rate inside the ten seconds that a service has: what it acknowledged
     * outlives a kill too.
     */
    @Override
    public void close() {
        process.terminate();
        if (process.endsWithin(CLOSE_MAX)) {
            process.closeInput();
        } else {
            log.warn(
                    "the embedded Kafka did not stop in {} s and is killed", CLOSE_MAX.toSeconds());
            process.kill();
        }
    }
}
