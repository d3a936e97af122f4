package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.archiver.merge.Merge;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.verify.Verification;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Keeps the archive: merges all but its newest segment, makes a base, checks it, opens it. */
record KeepingRun(Site site) {
    private static final double ROWS_GOAL = 500_000;
    private static final double HASHES_GOAL = 0.8;

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
    List<Figure> base() throws IOException, SQLException, InterruptedException {
        try (Archive archive = site.parts().archive();
                TemporaryFolder temporary = site.parts().temporary("base")) {
            List<Table> tables = archive.catalog(archive.state().catalog().orElseThrow()).tables();
            Path folder = site.directory().resolve("archive");
            double duckDb =
                    new DuckDbBase(archive, folder, temporary.path())
                            .seconds(tables.stream().filter(Table::holdsRows).toList());
            long start = System.nanoTime();
            FoldedBase.Made made =
                    FoldedBase.begin(archive, temporary.path(), Clock.systemUTC())
                            .orElseThrow()
                            .run(
                                    Runtime.getRuntime().availableProcessors(),
                                    FoldedBase.Progress.NONE);
            double baseSeconds = since(start);
            List<Figure> lines = new ArrayList<>();
            lines.add(
                    Figure.of("base from the archive", made.rows() / baseSeconds, "rows/s")
                            .beside("goal of 500 k", ROWS_GOAL, Optional.of(1.0)));
            lines.add(DuckDbBase.beside(Figure.of("  whole", baseSeconds, "seconds"), duckDb));
            ChainReport chain = site.parts().chain(List.of());
            lines.addAll(verify(archive, chain, temporary.path(), folder));
            start = System.nanoTime();
            site.parts().archive().close();
            lines.add(Figure.of("open the archive", since(start) * 1e3, "ms"));
            return lines;
        }
    }

    private static List<Figure> verify(
            Archive archive, ChainReport chain, Path temporary, Path folder)
            throws IOException, InterruptedException {
        double sum = sha256sum(folder);
        return List.of(
                Figure.of(
                                "verify, hashes",
                                verify(archive, chain, temporary, Verification.Level.HASHES),
                                "bytes/s")
                        .beside("sha256sum", sum, Optional.of(HASHES_GOAL)),
                Figure.of(
                        "verify, all",
                        verify(archive, chain, temporary, Verification.Level.REBUILD),
                        "bytes/s"));
    }

    private static double verify(
            Archive archive, ChainReport chain, Path temporary, Verification.Level level)
            throws IOException {
        long start = System.nanoTime();
        Verification.Report report =
                Verification.run(
                        archive, chain, temporary, Verification.Extent.all(level), bytes -> {});
        return report.bytes() / since(start);
    }

    /** Bytes that it reads in a second of the archive's own files. */
    private static double sha256sum(Path folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sha256sum", "--"));
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                command.add(file.toString());
                bytes += Files.size(file);
            }
        }
        long start = System.nanoTime();
        int exit =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
        if (exit != 0) {
            throw new IOException("sha256sum ended with " + exit);
        }
        return bytes / since(start);
    }

    private static double since(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toNanos() / 1e9;
    }
}
