package dev.tidemark.replay.search;

import dev.tidemark.archive.parquet.ChangesReader;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of the changes of rows is read. */
interface Wanted {
    boolean isWanted(long table);

    boolean isWanted(Table table);

    /** Is it needed what its rows were before? */
    boolean needsBefore(Table table);

    /** The ids of the columns that are needed, and those of the key. */
    Set<Integer> columns(Table table);

    /** Only rows that have one of these keys; empty for all. */
    Optional<Set<List<Value>>> keys(Table table);

    /** Opens a file of lines, with as much of it as is wanted. */
    default ChangesReader open(Path path, Table table) throws IOException {
        Optional<Set<List<Value>>> keys = keys(table);
        return keys.isPresent()
                ? ChangesReader.ofKeys(path, table, keys.get())
                : ChangesReader.ofColumns(path, columns(table));
    }
}
