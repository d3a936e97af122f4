package dev.tidemark.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** How much memory a process ever had at a time, by the system's own account (Linux only). */
final class Resident {
    private static final double KIBIBYTE = 1024;

    private Resident() {}

    /** In bytes; 0 where the system does not tell, or of a process that is gone. */
    static double most(Process process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                            .filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElse(0)
                    * KIBIBYTE;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            if (!process.isAlive()) {
                return 0; // it went away in the middle of it
            }
            throw new UncheckedIOException(e);
        }
    }
}
