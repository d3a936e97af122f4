package dev.tidemark.cli.types;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A major version of PostgreSQL that this machine has for tests. */
record Release(int version, Path jar) {
    private static final int NEWEST = 18;
    private static final int OLDEST = 15; // that all tests use; 14 is among the others
    private static final List<Integer> OTHERS = List.of(14, 16, 17);

    /** Oldest and newest; {@code -Dtypes.releases=all}, for which see the Makefile, means all. */
    static List<Release> underTest() {
        List<Release> releases = new ArrayList<>();
        releases.add(newest());
        releases.add(new Release(OLDEST, jar("oldest")));
        if (System.getProperty("types.releases", "").equals("all")) {
            for (int version : OTHERS) {
                releases.add(new Release(version, jar(String.valueOf(version))));
            }
        }
        return releases;
    }

    static Release newest() {
        return new Release(NEWEST, PostgresBinaries.onClassPath().jar());
    }

    private static Path jar(String name) {
        return Path.of("target", "postgres-" + name + ".jar");
    }

    PostgresBinaries binaries() {
        return new PostgresBinaries(jar);
    }

    @Override
    public String toString() {
        return "PostgreSQL " + version;
    }
}
