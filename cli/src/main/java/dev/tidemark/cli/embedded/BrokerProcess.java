package dev.tidemark.cli.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * The main class of the embedded broker's own process: takes the directory's lock, formats the
 * storage at the first start, and runs Kafka until a signal, or until standard input closes because
 * the process that wanted the broker is gone.
 */
final class BrokerProcess {
    /** The file that is locked while a broker runs. */
    static final String LOCK = "lock";

    /** Another broker runs in the directory. */
    static final int EXIT_IN_USE = 3;

    private static final int EXIT_ORPHANED = 4;

    private BrokerProcess() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Thread.ofPlatform().daemon().name("parent-watch").start(BrokerProcess::endWithParent);
        // Open until the process ends: the lock goes with it, however it ends.
        @SuppressWarnings("resource")
        FileChannel lock =
                FileChannel.open(
                        directory.resolve(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            System.exit(EXIT_IN_USE);
        }
        format(directory);
        Kafka.main(new String[] {properties(directory).toString()});
    }

    static Path properties(Path directory) {
        return directory.resolve("broker.properties");
    }

    /** As abrupt as the parent's own end, so that a new parent finds the directory free at once. */
    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // The parent writes nothing; only the end of the stream matters.
            }
        } catch (IOException e) {
            System.err.println("cannot read standard input: " + e);
        }
        Runtime.getRuntime().halt(EXIT_ORPHANED);
    }

    private static void format(Path directory) throws IOException {
        Path id = directory.resolve("cluster.id");
        if (!Files.exists(id)) {
            Files.writeString(id, Uuid.randomUuid() + "\n");
        }
        String[] arguments = {
            "format",
            "--ignore-formatted",
            "--cluster-id=" + Files.readString(id).strip(),
            "--config=" + properties(directory)
        };
        int code = StorageTool.execute(arguments, System.out);
        if (code != 0) {
            throw new UncheckedIOException(
                    new IOException("cannot format the storage of " + directory));
        }
    }
}
