package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.schemas.catalog.Table;
import java.nio.file.Path;

/** Rows of a table as of one position. */
sealed interface BaseFile {
    /** The shape that its rows have. */
    Table table();

    /** In the archive. */
    record Archived(FileRef file, Table table) implements BaseFile {}

    /** Made while folding, on local disk. */
    record Local(Path file, Table table) implements BaseFile {}
}
