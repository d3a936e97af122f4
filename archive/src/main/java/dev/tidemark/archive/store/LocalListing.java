package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of the files under a folder, in the order of the names' bytes.
 *
 * <p>A folder sorts as if its name ended in {@code /}: then walking folder by folder, each sorted,
 * yields whole names in order, and only folders that can hold a wanted name are opened. Names are
 * ASCII, so {@link String#compareTo} is the order of bytes. Files that no object can be called are
 * left out: {@code .tmp}, {@code lost+found}.
 */
final class LocalListing {
    private final Path root;
    private final String prefix;
    private final String after;
    private final int namesMax;
    private final List<String> names = new ArrayList<>();

    LocalListing(Path root, String prefix, String after, int namesMax) {
        this.root = root;
        this.prefix = prefix;
        this.after = after;
        this.namesMax = namesMax;
    }

    List<String> names() throws IOException {
        collect(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        return List.copyOf(names);
    }

    /**
     * @param folder {@code ""} or a name that ends in {@code /}
     */
    private void collect(String folder) throws IOException {
        for (String entry : entries(folder)) {
            if (names.size() == namesMax) {
                return;
            }
            if (entry.endsWith("/")) {
                collect(entry);
            } else {
                names.add(entry);
            }
        }
    }

    private List<String> entries(String folder) throws IOException {
        List<String> entries = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(root.resolve(folder))) {
            for (Path child : children) {
                String name = folder + child.getFileName();
                if (ObjectNames.isValid(name) && (isWanted(name) || mayHoldWanted(name + "/"))) {
                    addIfWanted(child, name, entries);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // A folder without objects does not exist, or was deleted with its last one just now.
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(null);
        return entries;
    }

    private void addIfWanted(Path child, String name, List<String> entries) {
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
            if (mayHoldWanted(name + "/")) {
                entries.add(name + "/");
            }
        } else if (isWanted(name)) {
            entries.add(name);
        }
    }

    private boolean isWanted(String name) {
        return name.startsWith(prefix) && name.compareTo(after) > 0;
    }

    private boolean mayHoldWanted(String folder) {
        boolean mayStartWithPrefix = folder.startsWith(prefix) || prefix.startsWith(folder);
        return mayStartWithPrefix && (after.startsWith(folder) || folder.compareTo(after) > 0);
    }
}
