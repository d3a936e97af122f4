package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.util.List;

/** A table at a cut whose rows can be passed on, once. For one thread at a time. */
public interface TableRows {
    /** The table as it is at the cut. */
    Table table();

    /** How many changes led to the rows. */
    long changes();

    /** The files of the archive that are still to be read for its rows. */
    List<FileRef> files();

    /**
     * Passes every row on. Can be called once: afterwards it is used up.
     *
     * @throws dev.tidemark.schemas.TidemarkException when what the archive holds of it does not fit
     *     together
     */
    void rows(RowSink sink) throws IOException;
}
