package dev.tidemark.archiver.base;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.SequenceSample;
import dev.tidemark.schemas.catalog.SequenceSamples;
import dev.tidemark.schemas.change.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where sequences stood at the end of some segments. Each sample tells of all sequences, but one
 * that is as the last was is not archived: so the newest may be far back.
 */
final class NewestSample {
    private final Archive archive;
    private final Path temporary;

    /** Sequences of which a schema change told later than any sample that was looked at so far. */
    private final Set<Long> toldLater = new HashSet<>();

    private NewestSample(Archive archive, Path temporary) {
        this.archive = archive;
        this.temporary = temporary;
    }

    /**
     * Reads back, without rows.
     *
     * @param segments in their order
     * @return what the newest sample says of sequences that no later schema change told of; empty
     *     where there is no sample
     */
    static List<SequenceSample> in(Archive archive, List<Manifest> segments, Path temporary)
            throws IOException {
        NewestSample search = new NewestSample(archive, temporary);
        for (Manifest segment : segments.reversed()) {
            Optional<List<SequenceSample>> found = search.look(segment);
            if (found.isPresent()) {
                return found.get().stream()
                        .filter(sample -> !search.toldLater.contains(sample.id()))
                        .toList();
            }
        }
        return List.of();
    }

    private Optional<List<SequenceSample>> look(Manifest segment) throws IOException {
        Optional<List<SequenceSample>> sample = Optional.empty();
        Set<Long> told = new HashSet<>();
        try (SegmentChanges changes =
                SegmentChanges.open(archive, segment, SegmentChanges.Wanted.NO_ROWS, temporary)) {
            while (changes.hasNext()) {
                Entry entry = changes.next().entry();
                if (entry instanceof Entry.Sequences sequences) {
                    sample = Optional.of(SequenceSamples.read(sequences.content()).sequences());
                    told.clear();
                } else if (entry instanceof Entry.Schema schema) {
                    CatalogChange.read(schema.content()).objects().stream()
                            .filter(object -> object.sequence().isPresent())
                            .map(CatalogObject::id)
                            .forEach(told::add);
                }
            }
        }
        toldLater.addAll(told);
        return sample;
    }
}
