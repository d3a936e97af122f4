package dev.tidemark.cli.config;

import java.util.Locale;

/** The parts of the file that some commands need and others do not. */
public enum Section {
    SOURCE,
    KAFKA,
    ARCHIVE;

    /** Does a key belong to this section? */
    boolean holds(String path) {
        return path.startsWith(name().toLowerCase(Locale.ROOT) + ".");
    }
}
