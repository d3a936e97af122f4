package dev.tidemark.replay.query;

import dev.tidemark.replay.duckdb.LimitedDuckDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A local file of rows, of which some may be gone.
 *
 * @param gone a file with the places of those, from 0; empty where all are there
 */
record RowFile(Path path, Optional<Path> gone) {
    /** The column of a file of places. */
    static final String PLACE = "c1";

    /**
     * Files as parts of a query, each to be read with its own; those of which all is there as one.
     */
    static List<String> read(List<RowFile> files) {
        List<Path> whole =
                files.stream().filter(file -> file.gone().isEmpty()).map(RowFile::path).toList();
        List<String> parts = new ArrayList<>();
        if (!whole.isEmpty()) {
            parts.add(Views.read(whole));
        }
        for (RowFile file : files) {
            file.gone().ifPresent(gone -> parts.add(without(file.path(), gone)));
        }
        return parts;
    }

    private static String without(Path path, Path gone) {
        return "read_parquet(%s, file_row_number = true) ANTI JOIN (SELECT CAST(%s AS BIGINT) AS file_row_number FROM read_parquet(%s)) USING (file_row_number)"
                .formatted(
                        LimitedDuckDb.text(path.toString()),
                        PLACE,
                        LimitedDuckDb.text(gone.toString()));
    }
}
