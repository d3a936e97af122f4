package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.mask.MaskFile;
import dev.tidemark.replay.mask.MaskKey;
import dev.tidemark.replay.mask.MaskPlan;
import dev.tidemark.replay.mask.MaskPreview;
import dev.tidemark.replay.mask.MaskedColumn;
import dev.tidemark.replay.mask.Masking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The masks of one restore. For one thread, once. */
public final class MaskJob {
    private final MaskFile file;
    private final MaskKey key;
    private Optional<Masking> masking = Optional.empty();

    public MaskJob(MaskFile file, MaskKey key) {
        this.file = file;
        this.key = key;
    }

    /**
     * Holds the file against the schema at a plan's cut, before the long work.
     *
     * @param withoutRows tables that come back empty anyway
     * @return all that come back empty
     * @throws dev.tidemark.schemas.TidemarkException (refused) when it leaves a column open
     */
    public Set<String> check(
            Archive archive, RestorePlan plan, Path temporary, Set<String> withoutRows)
            throws IOException {
        return MaskPlan.of(file, CatalogWalk.at(archive, plan, temporary), withoutRows).dropped();
    }

    /** The content with masked rows, by the schema that it has itself. */
    public Content mask(Content content) {
        Masking masked = Masking.of(content, file, key);
        masking = Optional.of(masked);
        return masked.content();
    }

    /**
     * Some rows of each table, before and after; used up by this.
     *
     * @param content with the rows that would come back
     * @param rowsMax of a table
     */
    public List<MaskPreview> preview(Content content, int rowsMax) throws IOException {
        Masking masked = Masking.of(content, file, key);
        masking = Optional.of(masked);
        return masked.preview(rowsMax);
    }

    /** Each column that was not kept. */
    public List<MaskedColumn> report() {
        return masking.map(Masking::report).orElse(List.of());
    }

    /** What somebody should know. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(masking.map(Masking::notes).orElse(List.of()));
        if (key.isOfThisRun()) {
            notes.add(
                    "the masks' key was made for this run alone: the next run gives everybody another name. %s or key-file: in the mask file keeps one"
                            .formatted(MaskKey.VARIABLE));
        }
        return notes;
    }
}
