package dev.tidemark.archiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans and folds moments of an archive, and holds the rows against those that there were. */
final class RestoreCheck {
    private final Site site;
    private final Archive archive;
    private final int archived;

    /**
     * A check of an archive.
     *
     * @param archived how many transactions it has
     */
    RestoreCheck(Site site, Archive archive, int archived) {
        this.site = site;
        this.archive = archive;
        this.archived = archived;
    }

    /** All that is archived. */
    void latest() throws IOException {
        check(new Moment.Latest(), archived);
    }

    /** Right after some transaction, or at the base. */
    void anyPosition() throws IOException {
        int included = site.random.nextInt(archived + 1);
        check(new Moment.AtPosition(site.source.before(included)), included);
    }

    /** At the time of some commit: up to the first commit, in commit order, that was later. */
    void anyTime() throws IOException {
        if (archived == 0) {
            return;
        }
        Instant time = site.source.committed().get(site.random.nextInt(archived)).commit();
        for (int included = 0; included < archived; included++) {
            if (site.source.committed().get(included).commit().isAfter(time)) {
                check(new Moment.AtTime(time), included);
                return;
            }
        }
    }

    private void check(Moment moment, int included) throws IOException {
        RestorePlan plan = new Planner(archive, site.folder).plan(new Target(moment, false));
        assertThat(plan.cut().position())
                .describedAs("the cut of %s", moment)
                .isEqualTo(site.source.before(included));
        FoldedDatabase database = Fold.run(archive, plan, site.folder, changes -> {});
        Map<Long, Map<List<Value>, Integer>> folded = new TreeMap<>();
        for (TableFold table : database.tables()) {
            List<List<Value>> rows = new ArrayList<>();
            table.rows(rows::add);
            folded.put(table.table().id(), counted(rows));
        }
        Map<Long, List<List<Value>>> there =
                included == 0
                        ? site.source.startRows()
                        : site.source.committed().get(included - 1).rows();
        Map<Long, Map<List<Value>, Integer>> expected = new TreeMap<>();
        there.forEach((table, rows) -> expected.put(table, counted(rows)));
        assertThat(folded).describedAs("the rows of %s", moment).isEqualTo(expected);
    }

    private static Map<List<Value>, Integer> counted(List<List<Value>> rows) {
        Map<List<Value>, Integer> counts = new HashMap<>();
        rows.forEach(row -> counts.merge(row, 1, Integer::sum));
        return counts;
    }
}
