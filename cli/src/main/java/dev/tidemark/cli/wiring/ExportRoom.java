package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.replay.content.Content;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Is there room for what an export reads and writes? Only looks. For one thread. */
record ExportRoom(ExportJob job) {
    /**
     * Before anything is written.
     *
     * @param folder where it is written to, on this machine
     * @throws TidemarkException (refused) when it does not fit, whatever the rows are
     */
    void require(Content content, Optional<Path> folder) throws IOException {
        DiskRoom.requireForReading(content.tables(), job.temporary());
        if (folder.isPresent()) {
            look(DiskRoom.Purpose.EXPORT, need(content.tables()), folder.get());
        }
        look(DiskRoom.Purpose.UPLOADED, largestFile(content.tables()), job.temporary());
    }

    private void look(DiskRoom.Purpose purpose, RoomNeed need, Path place) throws IOException {
        DiskRoom.look(purpose, need, place).ifPresent(job.progress()::say);
    }

    /** Each file is made in the temporary folder; with SQL there is one for all. */
    private RoomNeed largestFile(List<TableRows> tables) {
        return switch (job.format()) {
            case SQL -> need(tables);
            case CSV, PARQUET ->
                    tables.stream()
                            .map(table -> need(List.of(table)))
                            .reduce(RoomNeed.NOTHING, RoomNeed::larger);
        };
    }

    private RoomNeed need(List<TableRows> tables) {
        WrittenAs as =
                switch (job.format()) {
                    case CSV, SQL -> WrittenAs.TEXT;
                    case PARQUET -> WrittenAs.PARQUET;
                };
        return job.mask().isPresent() ? RoomNeed.ofMasked(tables, as) : RoomNeed.of(tables, as);
    }
}
