package dev.tidemark.replay.search;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What tables were in one stretch of a window, each shape of each of them, also of those that came
 * and went in it. Reads only what segments that changed the catalog tell of it. Immutable.
 *
 * @param system the cluster
 * @param inWindow in the order in which they came
 * @param atEnd at the end of the stretch, which may come after the window: people ask by names of
 *     today
 */
record StretchShapes(String system, List<Table> inWindow, List<Table> atEnd) {
    StretchShapes {
        inWindow = List.copyOf(inWindow);
        atEnd = List.copyOf(atEnd);
    }

    static StretchShapes of(SegmentScan.Reading reading, Between between) throws IOException {
        Manifest start = start(between);
        CatalogState catalog = CatalogWalk.after(reading.archive(), start);
        FileRef before = start.catalogThere();
        Set<Table> shapes = new LinkedHashSet<>();
        for (Between.Part part : between.parts()) {
            if (!part.segment().catalogThere().equals(before)) {
                read(reading, part, catalog, shapes);
            }
            before = part.segment().catalogThere();
        }
        if (shapes.isEmpty()) {
            shapes.addAll(catalog.catalog().tables());
        }
        return new StretchShapes(
                Window.system(reading, between.stretch()),
                List.copyOf(shapes),
                reading.archive().catalog(between.stretch().catalog()).tables());
    }

    /** What the first segment follows, or what comes last where there is none. */
    static Manifest start(Between between) {
        List<Manifest> segments = between.stretch().segments();
        if (between.parts().isEmpty()) {
            return between.stretch().baseBefore(between.to());
        }
        int first = segments.indexOf(between.parts().getFirst().segment());
        return first == 0 ? between.stretch().base() : segments.get(first - 1);
    }

    private static void read(
            SegmentScan.Reading reading, Between.Part part, CatalogState catalog, Set<Table> shapes)
            throws IOException {
        try (SegmentChanges changes =
                SegmentChanges.open(
                        reading.archive(),
                        part.segment(),
                        SegmentChanges.Wanted.NO_ROWS,
                        reading.temporary())) {
            while (changes.hasNext()) {
                Change change = changes.next();
                if (change.entry() instanceof Entry.Schema schema
                        && change.transaction() < part.end()) {
                    if (shapes.isEmpty() && change.transaction() >= part.first()) {
                        shapes.addAll(catalog.catalog().tables());
                    }
                    List<Table> changed = catalog.apply(CatalogChange.read(schema.content()));
                    if (change.transaction() >= part.first()) {
                        shapes.addAll(changed);
                    }
                }
            }
        }
    }
}
