package dev.tidemark.cli.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A major version of PostgreSQL that this machine has for tests. */
public record Release(int version, Path jar) {
    /** What the product brings along. */
    public static final Release NEWEST = new Release(18, PostgresBinaries.onClassPath().jar());

    /** The old server of all tests; 14 is among the others. */
    public static final Release OLDEST = new Release(15, jar("oldest"));

    private static final List<Integer> OTHERS = List.of(14, 16, 17);

    /** Oldest and newest; {@code -Dtypes.releases=all}, for which see the Makefile, means all. */
    public static List<Release> underTest() {
        List<Release> releases = new ArrayList<>(List.of(NEWEST, OLDEST));
        if (System.getProperty("types.releases", "").equals("all")) {
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
