package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Capture and archiver as processes of their own, with the heap that they are meant for, over one
 * large transaction.
 */
record MemoryRun(Site site) {
    private static final int HEAP_MEBIBYTES = 512;
    private static final double MEBIBYTE = 1024 * 1024;
    private static final Duration RUN_MAX = Duration.ofMinutes(8);

    /** {@code GC(3) Pause Young (Allocation Failure) 129M->30M(491M) 5.3ms}. */
    private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\((\\d+)M\\)");

    /** A service that runs. */
    private record Service(String name, Process process, Path collections) {}

    List<Figure> run(Leg leg) throws IOException, SQLException, InterruptedException {
        List<Service> services = new ArrayList<>();
        try {
            long start = System.nanoTime();
            services.add(start("capture"));
            services.add(start("archiver"));
            Site.await(RUN_MAX, "capture of " + leg.end(), () -> isCaptured(leg, services));
            double captured = Race.rate(leg, System.nanoTime() - start);
            Site.await(RUN_MAX, "the segment with " + leg.end(), () -> isArchived(leg, services));
            double archived = Race.rate(leg, System.nanoTime() - start);
            List<Figure> lines = new ArrayList<>();
            lines.add(Figure.of("large transaction: captured", captured, "changes/s"));
            lines.add(Figure.of("large transaction: archived", archived, "changes/s"));
            for (Service service : services) {
                lines.addAll(memory(service));
            }
            return lines;
        } finally {
            stop(services);
        }
    }

    private Service start(String command) throws IOException {
        Path collections = site.directory().resolve(command + ".gc");
        ProcessBuilder builder =
                new ProcessBuilder(
                        System.getProperty("tidemark.launcher", "./tidemark"),
                        command,
                        "--config",
                        site.configuration().toString());
        builder.environment().put("TIDEMARK_HEAP", HEAP_MEBIBYTES + "m");
        builder.environment().put("JAVA_OPTS", "-Xlog:gc:file=" + collections);
        builder.redirectErrorStream(true);
        builder.redirectOutput(site.directory().resolve(command + ".log").toFile());
        return new Service(command, builder.start(), collections);
    }

    private boolean isCaptured(Leg leg, List<Service> services) {
        checkAlive(services);
        try {
            return !Position.of(
                            site.ask(
                                    "SELECT confirmed_flush_lsn FROM pg_replication_slots"
                                            + " WHERE slot_name = '"
                                            + leg.slot()
                                            + "'"))
                    .isBefore(leg.end());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isArchived(Leg leg, List<Service> services) {
        checkAlive(services);
        try (Archive archive = site.parts().archive()) {
            return !archive.state().newest().orElseThrow().span().to().isBefore(leg.end());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkAlive(List<Service> services) {
        for (Service service : services) {
            if (!service.process.isAlive()) {
                throw new IllegalStateException(
                        "the %s ended with code %d: see its log beside %s"
                                .formatted(
                                        service.name,
                                        service.process.exitValue(),
                                        service.collections));
            }
        }
    }

    private static List<Figure> memory(Service service) throws IOException {
        int used = 0; // both in MiB
        int live = 0;
        try (Stream<String> lines = Files.lines(service.collections)) {
            for (String line : (Iterable<String>) lines::iterator) {
                Matcher collection = COLLECTION.matcher(line);
                if (collection.find()) {
                    used = Math.max(used, Integer.parseInt(collection.group(1)));
                    live = Math.max(live, Integer.parseInt(collection.group(2)));
                }
            }
        }
        String metric = "large transaction: " + service.name;
        return List.of(
                Figure.of(metric + ", most heap in use", used * MEBIBYTE, "bytes")
                        .within("the 512 MiB given", HEAP_MEBIBYTES * MEBIBYTE),
                Figure.of(metric + ", most left by a collection", live * MEBIBYTE, "bytes"),
                Figure.of(metric + ", most resident", Resident.most(service.process), "bytes"));
    }

    private static void stop(List<Service> services) throws InterruptedException {
        services.forEach(service -> service.process.destroy());
        for (Service service : services) {
            if (!service.process.waitFor(15, TimeUnit.SECONDS)) {
                service.process.destroyForcibly();
            }
        }
    }
}
