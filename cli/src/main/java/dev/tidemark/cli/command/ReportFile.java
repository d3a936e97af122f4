package dev.tidemark.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.cli.output.JsonOutput;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A report that somebody reads when a command has ended, and that is whole where it is there: it is
 * written beside its place and renamed. That it can be written is found out before the long work.
 * For one thread.
 */
final class ReportFile implements AutoCloseable {
    private final Optional<Path> place;
    private final Optional<Path> beside;

    private ReportFile(Optional<Path> place, Optional<Path> beside) {
        this.place = place;
        this.beside = beside;
    }

    /** Nobody wants one. */
    static ReportFile none() {
        return new ReportFile(Optional.empty(), Optional.empty());
    }

    /**
     * A report at a place.
     *
     * @throws TidemarkException (refused) when it cannot be written there
     */
    static ReportFile at(Path place) {
        Path absolute = place.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
            throw TidemarkException.refused(
                    "cannot write the report %s: it is no file".formatted(place),
                    "Choose another name. Nothing was done yet.");
        }
        try {
            Path folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
            Path beside = Files.createTempFile(folder, ".tidemark-report-", ".tmp");
            return new ReportFile(Optional.of(absolute), Optional.of(beside));
        } catch (IOException e) {
            throw TidemarkException.refused(
                    "cannot write the report %s: %s".formatted(place, TidemarkException.reason(e)),
                    "Choose a folder that is there and that you may write. Nothing was done yet.",
                    e);
        }
    }

    /**
     * From here on an older report would be taken for this one's. May be called again.
     *
     * @throws TidemarkException (refused) when it cannot be removed
     */
    void begin() {
        if (place.isEmpty()) {
            return;
        }
        Path old = place.get();
        try {
            if (Files.deleteIfExists(old)) {
                sync(old);
            }
        } catch (IOException e) {
            throw TidemarkException.refused(
                    "cannot remove the older report %s: %s"
                            .formatted(old, TidemarkException.reason(e)),
                    "Choose another name. Nothing was done yet.",
                    e);
        }
    }

    /** What happened to a name is durable when its folder is. */
    private static void sync(Path file) throws IOException {
        Path folder = Optional.ofNullable(file.getParent()).orElse(file);
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Writes it.
     *
     * @throws TidemarkException (failed) when it cannot be written any more
     */
    void write(Object view) {
        if (place.isEmpty()) {
            return;
        }
        Path to = place.get();
        Path from = beside.orElseThrow();
        try {
            try (FileChannel channel = FileChannel.open(from, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap((JsonOutput.text(view) + "\n").getBytes(UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            sync(to);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot write the report %s: %s".formatted(to, TidemarkException.reason(e)),
                    "All else was done: the command's own output says what.",
                    e);
        }
    }

    /** Leaves nothing beside the report. */
    @Override
    public void close() throws IOException {
        if (beside.isPresent()) {
            Files.deleteIfExists(beside.get());
        }
    }
}
