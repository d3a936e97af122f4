package dev.tidemark.archiver.base;

import dev.tidemark.archive.fold.Pipe;
import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes one table of a folded base: the rows of files with changes go into new files, and files
 * without any stay. For one thread at a time; used once.
 */
final class FoldedTable implements RowSink {
    private static final int ROWS_PER_LOOK = 1_024;

    private final TableFold fold;
    private final BaseBuilder builder;
    private final PartLimits limits;
    private final FoldedBase.Progress progress;
    private BaseBuilder.@Nullable Part part;
    private final List<FileRef> files = new ArrayList<>();
    private int parts;
    private long rows; // of the part
    private long rowsTold;

    private FoldedTable(
            TableFold fold, BaseBuilder builder, PartLimits limits, FoldedBase.Progress progress) {
        this.fold = fold;
        this.builder = builder;
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * What became of it.
     *
     * @param files all that it has now, those of bases before that stay among them
     */
    record Done(List<FileRef> files, boolean isChanged) {
        Done {
            files = List.copyOf(files);
        }
    }

    /**
     * Writes it.
     *
     * @param isAhead may another thread read on while this one writes?
     */
    static Done write(
            TableFold fold,
            BaseBuilder builder,
            PartLimits limits,
            boolean isAhead,
            FoldedBase.Progress progress)
            throws IOException {
        Optional<List<FileRef>> unchanged = fold.unchangedFiles();
        if (unchanged.isPresent()) {
            return new Done(unchanged.get(), false);
        }
        FoldedTable table = new FoldedTable(fold, builder, limits, progress);
        try {
            table.files.addAll(isAhead ? table.writeBehind() : table.write());
            return new Done(table.files, true);
        } catch (IOException | RuntimeException e) {
            table.discard();
            throw e;
        }
    }

    private List<FileRef> write() throws IOException {
        List<FileRef> kept = fold.changedRows(mayStay(), this);
        endPart();
        return kept;
    }

    private List<FileRef> writeBehind() throws IOException {
        List<FileRef> kept;
        try (Pipe<List<Value>> pipe = Pipe.ofRows(this::row)) {
            kept = fold.changedRows(mayStay(), pipe::add);
            pipe.finish();
        }
        endPart();
        return kept;
    }

    /** A table whose small files are too many writes them into one. */
    private Predicate<FileRef> mayStay() {
        long small = fold.baseFiles().stream().filter(this::isSmall).count();
        return small < limits.smallMax() ? any -> true : file -> !isSmall(file);
    }

    private boolean isSmall(FileRef file) {
        return file.bytes() < limits.smallBytes() && file.rows() < limits.rows();
    }

    @Override
    public void row(List<Value> row) throws IOException {
        BaseBuilder.Part open = part;
        if (open == null) {
            open = builder.part(fold.table(), parts++);
            part = open;
        }
        open.add(row);
        rows++;
        boolean isLook = rows % ROWS_PER_LOOK == 0;
        if (isLook) {
            tell();
        }
        if (rows >= limits.rows() || (isLook && open.bytes() >= limits.bytes())) {
            endPart();
        }
    }

    private void tell() {
        progress.wrote(rows - rowsTold);
        rowsTold = rows;
    }

    private void endPart() throws IOException {
        BaseBuilder.Part open = part;
        if (open != null) {
            tell();
            open.finish().ifPresent(files::add);
            part = null;
            rows = 0;
            rowsTold = 0;
        }
    }

    private void discard() throws IOException {
        if (part != null) {
            part.discard();
        }
    }
}
