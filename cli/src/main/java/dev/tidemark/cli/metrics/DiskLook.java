package dev.tidemark.cli.metrics;

import dev.tidemark.cli.config.ArchiveSettings;
import dev.tidemark.cli.config.Configuration;
import dev.tidemark.cli.config.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks how much room the disks have that services write to. For one thread. */
final class DiskLook implements Watch.Look<List<DiskSample>> {
    private static final Logger log = LoggerFactory.getLogger(DiskLook.class);

    private record Disk(String place, Path path, Forecast forecast) {}

    private final Clock clock;
    private final List<Disk> disks;

    DiskLook(Map<String, Path> places, Clock clock) {
        this.clock = clock;
        this.disks =
                places.entrySet().stream()
                        .map(one -> new Disk(one.getKey(), one.getValue(), new Forecast()))
                        .toList();
    }

    /** The folders that a configuration names, by what is in them. */
    static Map<String, Path> places(Configuration configuration) {
        Map<String, Path> places = new LinkedHashMap<>();
        places.put("temporary", configuration.temporaryDirectory());
        configuration
                .archive()
                .flatMap(ArchiveSettings::directory)
                .ifPresent(directory -> places.put("archive", directory));
        configuration
                .kafka()
                .ifPresent(
                        kafka -> {
                            if (kafka instanceof KafkaSettings.Embedded embedded) {
                                places.put("kafka", embedded.directory());
                            }
                        });
        return places;
    }

    @Override
    public List<DiskSample> look() {
        return disks.stream().map(this::sample).toList();
    }

    private DiskSample sample(Disk disk) {
        try {
            double free = Files.getFileStore(existing(disk.path())).getUsableSpace();
            return new DiskSample(disk.place(), free, disk.forecast().add(clock.instant(), free));
        } catch (IOException e) {
            log.debug("cannot look at the disk of {}", disk.path(), e);
            return new DiskSample(disk.place(), Double.NaN, Double.NaN);
        }
    }

    /** A folder that is made later comes to lie where its parent is. */
    private static Path existing(Path path) {
        Path folder = path.toAbsolutePath();
        while (Files.notExists(folder) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder;
    }

    @Override
    public void close() {}
}
