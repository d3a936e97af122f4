package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.parquet.BaseReader;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks up rows of a table in files of bases, by their keys. Of rows that are known to be asked for
 * each file is read once. For one thread.
 */
final class BaseRows {
    private final Archive archive;
    private final Path temporary;
    private final Set<List<Value>> expected;
    private final Map<FileRef, Map<List<Value>, Map<Integer, Value>>> read = new HashMap<>();

    /**
     * @param temporary a folder for files while they are read
     * @param expected keys that are going to be asked for
     */
    BaseRows(Archive archive, Path temporary, Set<List<Value>> expected) {
        this.archive = archive;
        this.temporary = temporary;
        this.expected = Set.copyOf(expected);
    }

    /** The row in a base of which the table had this shape. */
    Optional<Map<Integer, Value>> find(List<FileRef> files, Table then, List<Value> key)
            throws IOException {
        for (FileRef file : files) {
            if (file.kind() == FileRef.Kind.BASE && file.table() == then.id()) {
                Map<Integer, Value> row = rows(file, then, key).get(key);
                if (row != null) {
                    return Optional.of(row);
                }
            }
        }
        return Optional.empty();
    }

    private Map<List<Value>, Map<Integer, Value>> rows(FileRef file, Table then, List<Value> key)
            throws IOException {
        if (!expected.contains(key)) {
            return read(file, then, Set.of(key));
        }
        Map<List<Value>, Map<Integer, Value>> known = read.get(file);
        if (known == null) {
            known = read(file, then, expected);
            read.put(file, known);
        }
        return known;
    }

    private Map<List<Value>, Map<Integer, Value>> read(
            FileRef file, Table then, Set<List<Value>> keys) throws IOException {
        List<Integer> stored = then.stored().stream().map(Column::id).toList();
        Map<List<Value>, Map<Integer, Value>> found = new HashMap<>();
        Path local = archive.fetch(file, temporary);
        try (BaseReader rows = BaseReader.open(local, then, then.key(), new HashSet<>(keys))) {
            while (rows.hasNext() && found.size() < keys.size()) {
                List<Value> row = rows.next();
                List<Value> key =
                        then.key().stream().map(id -> row.get(stored.indexOf(id))).toList();
                found.put(key, Fields.byColumn(then, row));
            }
        } finally {
            Files.deleteIfExists(local);
        }
        return found;
    }
}
