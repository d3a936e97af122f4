package dev.tidemark.cli.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** An operating system and processor, by the words in the names of the binaries' archives. */
record Platform(String system, String machine, String variant) {

    static Platform current() {
        return of(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Files.exists(Path.of("/etc/alpine-release")));
    }

    /**
     * The platform by Java's names for it; an unknown one keeps its name, and finds no binaries.
     */
    static Platform of(String osName, String osArch, boolean alpine) {
        String system = osName.toLowerCase(Locale.ROOT);
        if (system.startsWith("mac")) {
            system = "darwin";
        }
        String machine =
                switch (osArch.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> osArch;
                };
        return new Platform(system, machine, alpine ? "-alpine_linux" : "");
    }

    /** The name of the archive of binaries inside a jar of theirs. */
    String archiveName() {
        return "postgres-" + system + "-" + machine + variant + ".txz";
    }
}
