package dev.tidemark.cli.differential;

import java.nio.file.Files;
import java.nio.file.Path;

/** The differential test as a program, for long runs. */
public final class Soak {
    private Soak() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.ofProperties(Integer.MAX_VALUE);
        Path directory = Files.createTempDirectory("tidemark-soak-");
        boolean isEqual = new Differential(settings, System.out).run(directory).isEmpty();
        System.exit(isEqual ? 0 : 1);
    }
}
