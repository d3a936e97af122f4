package dev.tidemark.replay.difference;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The source at a moment, as the archive has it.
 *
 * @param system the cluster that it was of
 */
record ArchivedState(RestorePlan plan, Stretch stretch, String system, Catalog catalog) {
    /**
     * That of a moment.
     *
     * @throws dev.tidemark.schemas.TidemarkException when the archive does not hold it
     */
    static ArchivedState at(Archive archive, Path temporary, Target moment) throws IOException {
        RestorePlan plan = new Planner(archive, temporary).plan(moment);
        Stretch stretch = archive.state().stretchOf(plan.base());
        return new ArchivedState(
                plan,
                stretch,
                stretch.systemId().orElse(archive.identity().systemId()),
                CatalogWalk.at(archive, plan, temporary));
    }

    Position position() {
        return plan.cut().position();
    }

    Difference.Place place() {
        Target target = plan.target();
        String moment = (target.before() ? "before " : "") + target.moment();
        return new Difference.Place(moment, Optional.of(position()), FileReport.commitTime(plan));
    }
}
