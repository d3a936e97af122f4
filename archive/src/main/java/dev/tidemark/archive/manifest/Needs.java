package dev.tidemark.archive.manifest;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a text of an archive demands of those who go on from it: names of features that came after
 * format 1. Who does not know one of them stops, since what follows would be read wrongly, or be
 * spoilt.
 *
 * @param read demanded of all
 * @param write demanded besides of those who write
 * @param version the first version of Tidemark that has all; for people
 */
record Needs(List<String> read, List<String> write, Optional<String> version) {
    /** The features that this version has. */
    private static final Set<String> KNOWN = Set.of();

    Needs {
        read = List.copyOf(read);
        write = List.copyOf(write);
    }

    /** What keeps this version from reading. */
    List<String> unknownToRead() {
        return unknown(read.stream());
    }

    /** What keeps this version from writing. */
    List<String> unknownToWrite() {
        return unknown(Stream.concat(read.stream(), write.stream()));
    }

    private static List<String> unknown(Stream<String> names) {
        return names.filter(name -> !KNOWN.contains(name)).distinct().toList();
    }
}
