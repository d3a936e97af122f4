package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.NamedWriter;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archiver.base.FoldedBase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;

/** One process that makes a base from the archive. A step is one operation of the store. */
final class BaseProcess {
    private static final FoldedBase.Progress SILENT =
            new FoldedBase.Progress() {
                @Override
                public void read(long changes) {}

                @Override
                public void wrote(long rows) {}
            };

    private final Program program;
    private boolean hasMade;

    /**
     * A process that has not begun.
     *
     * @param number of it in this simulation: no other has it
     */
    BaseProcess(Site site, int number, Fates fates) throws IOException {
        this.program =
                new Program(
                        site,
                        number,
                        fates,
                        this::run,
                        message -> message.startsWith("another process began to make a base"));
    }

    private void run(ObjectStore store, Path folder) throws IOException {
        try (Archive archive = NamedWriter.open(store, program.name())) {
            Optional<FoldedBase> base =
                    FoldedBase.begin(archive, folder, Clock.fixed(Samples.NOON, ZoneOffset.UTC));
            if (base.isPresent()) {
                base.get().run(SILENT);
                hasMade = true;
            }
        } finally {
            Program.deleteFiles(folder); // a copy that broke off is left to the caller
        }
    }

    String name() {
        return program.name();
    }

    /** Did it publish one? */
    boolean hasMade() {
        return hasMade;
    }

    boolean hasEnded() {
        return program.hasEnded();
    }

    long steps() {
        return program.steps();
    }

    /** Lets it do so many things, or all up to its end. */
    void steps(int stepsMax) throws IOException {
        for (int i = 0; i < stepsMax && !hasEnded(); i++) {
            program.step();
        }
    }

    /** Ends it where it stands. */
    void kill() throws IOException {
        program.kill();
    }
}
