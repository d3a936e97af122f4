package dev.tidemark.cli.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is done to a folder together with all that is in it. Links are never followed. */
public final class FileTrees {
    private FileTrees() {}

    /** Deletes the folder; one that does not exist is fine. */
    public static void delete(Path folder) throws IOException {
        for (Path path : bottomUp(folder)) {
            Files.delete(path);
        }
    }

    /** Makes the user of this number the owner, which only root may do. */
    static void giveTo(int userId, Path folder) throws IOException {
        for (Path path : bottomUp(folder)) {
            Files.setAttribute(path, "unix:uid", userId, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static List<Path> bottomUp(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
