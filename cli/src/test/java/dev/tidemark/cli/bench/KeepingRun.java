package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.archiver.merge.Merge;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.verify.Verification;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keeps the archive: merges all but its newest segment, makes a base, checks it, opens it. */
record KeepingRun(Site site) {
    private static final double ROWS_GOAL = 500_000;

    /** What merging costs, and what comes of it. */
    List<Figure> merge() throws IOException {
        try (Archive archive = site.parts().archive();
                TemporaryFolder temporary = site.parts().temporary("merge")) {
            long start = System.nanoTime();
            Merge.Done done =
                    new Merge(
                                    archive,
                                    temporary.path(),
                                    Clock.systemUTC(),
                                    MergeLimits.DEFAULT,
                                    true)
                            .run(Merge.Progress.NONE);
            double seconds = since(start);
            return List.of(
                    Figure.of("merge", done.changes() / seconds, "changes/s"),
                    Figure.of("  merged files", (double) done.bytesAfter(), "bytes")
                            .beside("those before", (double) done.bytesBefore(), Optional.empty()));
        }
    }

    /** A base from the archive, and how fast all is checked and opened. */
    List<Figure> base() throws IOException {
        try (Archive archive = site.parts().archive();
                TemporaryFolder temporary = site.parts().temporary("base")) {
            long start = System.nanoTime();
            FoldedBase.Made made =
                    FoldedBase.begin(archive, temporary.path(), Clock.systemUTC())
                            .orElseThrow()
                            .run(FoldedBase.Progress.NONE);
            double baseSeconds = since(start);
            start = System.nanoTime();
            Verification.Report report =
                    Verification.run(
                            archive, temporary.path(), Verification.Level.REBUILD, bytes -> {});
            double verifySeconds = since(start);
            start = System.nanoTime();
            site.parts().archive().close();
            return List.of(
                    Figure.of("base from the archive", made.rows() / baseSeconds, "rows/s")
                            .beside("goal of 500 k", ROWS_GOAL, Optional.of(1.0)),
                    Figure.of("verify, all", report.bytes() / verifySeconds, "bytes/s"),
                    Figure.of("open the archive", since(start) * 1e3, "ms"));
        }
    }

    private static double since(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toNanos() / 1e9;
    }
}
