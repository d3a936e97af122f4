package dev.tidemark.cli.publish;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The files of a broker that does not run, changed as a lost disk or an election changes them. */
public final class LogFiles {
    private static final int HEADER = Long.BYTES + Integer.BYTES; // base offset, length of the rest

    private LogFiles() {}

    /** Takes a topic's records away from one on, which has to be the first of its batch. */
    static void cut(Path directory, String topic, long from) throws IOException {
        Path partition = directory.resolve("data").resolve(topic + "-0");
        try (FileChannel log =
                FileChannel.open(
                        partition.resolve("00000000000000000000.log"),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            long place = 0;
            while (true) {
                ByteBuffer header = ByteBuffer.allocate(HEADER);
                if (log.read(header, place) < HEADER) {
                    throw new IOException("no batch begins with record " + from);
                }
                if (header.getLong(0) == from) {
                    break;
                }
                place += HEADER + header.getInt(Long.BYTES);
            }
            log.truncate(place);
        }
        haveItLookAgain(directory, partition);
    }

    /** Takes away the batch that holds a record and all after it; the offset of its first one. */
    public static long cutAt(Path directory, String topic, long record) throws IOException {
        Path partition = directory.resolve("data").resolve(topic + "-0");
        long from = -1;
        try (FileChannel log =
                FileChannel.open(
                        partition.resolve("00000000000000000000.log"), StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            for (long place = 0;
                    log.read(header.clear(), place) == HEADER && header.getLong(0) <= record;
                    place += HEADER + header.getInt(Long.BYTES)) {
                from = header.getLong(0);
            }
        }
        cut(directory, topic, from);
        return from;
    }

    private static void haveItLookAgain(Path directory, Path partition) throws IOException {
        deleteAll(partition, "*.{index,timeindex,txnindex,snapshot}");
        deleteAll(directory.resolve("data"), ".kafka_cleanshutdown");
    }

    private static void deleteAll(Path folder, String pattern) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
