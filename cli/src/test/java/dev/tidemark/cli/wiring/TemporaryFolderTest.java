package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemporaryFolderTest {
    /** Enough for a name to be taken at any instant of its creation, time and again. */
    private static final int CREATIONS = 2_000;

    @TempDir private Path parent;

    @Test
    void aClosedFolderLeavesNothing() throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create(parent, "restore")) {
            Files.writeString(folder.path().resolve("spill"), "rows");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void foldersInUseStay() throws IOException {
        try (TemporaryFolder first = TemporaryFolder.create(parent, "archiver");
                TemporaryFolder second = TemporaryFolder.create(parent, "archiver");
                TemporaryFolder third = TemporaryFolder.create(parent, "restore")) {
            assertThat(List.of(first, second, third))
                    .allSatisfy(folder -> assertThat(folder.path()).isDirectory());
        }
    }

    @Test
    void theFolderOfAKilledProcessIsDeletedByTheNext() throws Exception {
        Process killed =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Holder.class.getName(),
                                parent.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (InputStream ready = killed.getInputStream()) {
            assertThat(ready.read()).isEqualTo('!');
            try (TemporaryFolder beside = TemporaryFolder.create(parent, "restore")) {
                assertThat(names()).hasSize(4); // two folders, each with its lock
                assertThat(beside.path()).isEmptyDirectory();
            }
            assertThat(names()).hasSize(2);
        } finally {
            killed.destroyForcibly().waitFor();
        }
        try (TemporaryFolder next = TemporaryFolder.create(parent, "archiver")) {
            assertThat(names())
                    .containsExactlyInAnyOrder(
                            next.path().getFileName().toString(),
                            next.path().getFileName() + ".lock");
        }
    }

    /** As a process that cleans up does when it looks before the name is locked. */
    @Test
    void aNameThatAnotherProcessTakesForAbandonedIsGivenUp() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger deleted = new AtomicInteger();
        Thread cleaner =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!isOver.get()) {
                                        deleteLocks(deleted);
                                    }
                                });
        try {
            for (int i = 0; i < CREATIONS; i++) {
                TemporaryFolder.create(parent, "restore").close();
            }
        } finally {
            isOver.set(true);
            cleaner.join();
        }
        assertThat(deleted).hasPositiveValue();
    }

    private void deleteLocks(AtomicInteger deleted) {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(parent, "*.lock")) {
            for (Path lock : locks) {
                if (Files.deleteIfExists(lock)) {
                    deleted.incrementAndGet();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatOnlyLooksLikeOneStays() throws IOException {
        Path target = Files.createDirectory(parent.resolve("target"));
        Files.createFile(target.resolve("precious"));
        Files.createFile(parent.resolve("tidemark-x.lock"));
        Files.createSymbolicLink(parent.resolve("tidemark-x"), target);
        Files.createDirectory(parent.resolve("tidemark-y"));

        TemporaryFolder.create(parent, "restore").close();

        assertThat(target.resolve("precious")).exists();
        assertThat(parent.resolve("tidemark-y")).exists();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Holds a folder with a file in it until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException, InterruptedException {
            TemporaryFolder folder = TemporaryFolder.create(Path.of(arguments[0]), "archiver");
            Files.writeString(folder.path().resolve("journal"), "rows");
            System.out.print('!');
            System.out.flush();
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }
}
