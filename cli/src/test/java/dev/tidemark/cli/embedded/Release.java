package dev.tidemark.cli.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A major version of PostgreSQL that this machine has for tests. */
public record Release(int version, Path jar) {
    /** What the product brings along. */
    public static final Release NEWEST = new Release(18, PostgresBinaries.onClassPath().jar());

    /** The old server of most tests. */
    public static final Release OLDEST = new Release(15, jar("oldest"));

    /** The oldest that Tidemark takes. */
    private static final Release LEAST = new Release(14, jar("least"));

    private static final List<Integer> OTHERS = List.of(16, 17);

    /** For what hardly depends on the version: the newest, and every one where all are wanted. */
    public static List<Release> newestAtLeast() {
        return all() ? underTest() : List.of(NEWEST);
    }

    private static boolean all() {
        return System.getProperty("types.releases", "").equals("all");
    }

    /**
     * The newest and the oldest of all; {@code -Dtypes.releases=all}, for which see the Makefile,
     * means every one.
     */
    public static List<Release> underTest() {
        List<Release> releases = new ArrayList<>(List.of(NEWEST, LEAST));
        if (all()) {
            releases.add(OLDEST);
            for (int version : OTHERS) {
                releases.add(new Release(version, jar(String.valueOf(version))));
            }
        }
        return releases;
    }

    private static Path jar(String name) {
        return Path.of("target", "postgres-" + name + ".jar");
    }

    public PostgresBinaries binaries() {
        return new PostgresBinaries(jar);
    }

    @Override
    public String toString() {
        return "PostgreSQL " + version;
    }
}
