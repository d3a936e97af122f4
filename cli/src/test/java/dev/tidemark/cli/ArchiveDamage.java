package dev.tidemark.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One way in which an archive of a base and some segments loses its worth.
 *
 * @param file a part of the path of the file that is hit
 * @param problem what has to be said of it
 */
record ArchiveDamage(
        String name, String file, Deed deed, int infoCode, int restoreCode, String problem) {
    private static final String SECOND = "manifests/00000000000000000001.json";
    private static final String SECOND_DATA = "data/00000000000000000001-";
    private static final String ALTERED =
            " was altered: its SHA-256 is not the one in its manifest";

    static final List<ArchiveDamage> ALL =
            List.of(
                    new ArchiveDamage(
                            "journal_cut", SECOND_DATA, cutOff(), 0, 3, "journal.parquet has "),
                    new ArchiveDamage(
                            "journal_altered",
                            SECOND_DATA,
                            altered(),
                            0,
                            3,
                            "journal.parquet" + ALTERED),
                    new ArchiveDamage(
                            "journal_missing",
                            SECOND_DATA,
                            Files::delete,
                            0,
                            3,
                            "journal.parquet is missing"),
                    // Found while rows are written: the database is marked as unfinished.
                    new ArchiveDamage(
                            "base_altered",
                            "data/00000000000000000000-",
                            altered(),
                            0,
                            4,
                            ".parquet" + ALTERED),
                    new ArchiveDamage(
                            "manifest_missing",
                            SECOND,
                            Files::delete,
                            3,
                            3,
                            "lacks the manifest " + SECOND),
                    new ArchiveDamage(
                            "manifest_altered",
                            SECOND,
                            replaced("\"writer\":\"", "\"writer\":\"0"),
                            3,
                            3,
                            "manifests/00000000000000000002.json does not follow from the one before it: one of the two was altered"),
                    new ArchiveDamage(
                            "manifest_cut",
                            SECOND,
                            cutOff(),
                            3,
                            3,
                            SECOND + ": Unexpected end-of-input"));

    /** What is done to a file. */
    interface Deed {
        void to(Path file) throws IOException;
    }

    /** Missing or altered. */
    int verifyCode() {
        return problem.contains("missing") || problem.contains("lacks") ? 6 : 7;
    }

    /** Copies an archive and does it there. */
    Path copyOf(Path archive, Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(archive)) {
            for (Path from : files.toList()) {
                Files.copy(from, copy.resolve(archive.relativize(from).toString()));
            }
        }
        try (Stream<Path> files = Files.walk(copy)) {
            deed.to(
                    files.filter(path -> copy.relativize(path).toString().startsWith(file))
                            .filter(
                                    path ->
                                            path.toString()
                                                    .matches(".*(\\d|journal)\\.(parquet|json)"))
                            .findFirst()
                            .orElseThrow());
        }
        return copy;
    }

    private static Deed cutOff() {
        return file -> {
            byte[] content = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(content, content.length - 10));
        };
    }

    private static Deed altered() {
        return file -> {
            byte[] content = Files.readAllBytes(file);
            content[content.length / 2] ^= 1;
            Files.write(file, content);
        };
    }

    private static Deed replaced(String what, String by) {
        return file -> {
            String content = Files.readString(file, StandardCharsets.UTF_8);
            Files.writeString(file, content.replace(what, by), StandardCharsets.UTF_8);
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
