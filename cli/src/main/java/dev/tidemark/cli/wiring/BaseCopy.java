package dev.tidemark.cli.wiring;

import dev.tidemark.archiver.base.BaseBuilder;
import dev.tidemark.capture.prepare.RowSink;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.cli.output.Progress;
import java.io.IOException;
import java.sql.Connection;
import java.util.List;

/** Copies parts of tables from a snapshot straight into files of an archive. */
final class BaseCopy {
    private BaseCopy() {}

    /** How rows are read. */
    interface Reading {
        long copy(Connection session, TablePart part, RowSink sink) throws IOException;
    }

    /**
     * Copies all.
     *
     * @param jobs parts that are copied side by side
     */
    static void run(
            SourceSnapshot snapshot,
            List<TablePart> parts,
            BaseBuilder base,
            int jobs,
            Reading reading,
            Progress progress)
            throws IOException, InterruptedException {
        long rows = parts.stream().mapToLong(TablePart::estimatedRows).sum();
        try (Progress.Task task = progress.start("base", rows, Progress.Unit.ROWS)) {
            ParallelCopy.run(
                    parts,
                    jobs,
                    snapshot::session,
                    (session, part, number) -> {
                        snapshot.renew(session); // or the locks of all tables would add up
                        BaseBuilder.Part rowsOfPart = base.part(part.table(), number);
                        try {
                            reading.copy(
                                    session,
                                    part,
                                    row -> {
                                        rowsOfPart.add(row);
                                        task.advance(1);
                                    });
                        } catch (IOException | RuntimeException e) {
                            rowsOfPart.discard();
                            throw e;
                        }
                        rowsOfPart.close();
                    });
        }
    }
}
