package dev.tidemark.archive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LocalObjectStoreTest extends ObjectStoreContract {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);

    @Override
    ObjectStore open() throws IOException {
        return new LocalObjectStore(root());
    }

    @Test
    void anObjectIsOnThePlattersBeforeItsNameIs() throws IOException {
        var disk = new FaultyDisk(root());

        store(disk).putIfAbsent("data/1/a", bytes("content"));

        assertThat(disk.steps())
                .containsExactly(
                        "create .tmp",
                        "write .tmp/T",
                        "create data",
                        "create data/1",
                        "link .tmp/T data/1/a",
                        "delete .tmp/T",
                        "force data/1",
                        "force data",
                        "force ");
    }

    @Test
    void aLostPutIfAbsentMakesTheWinnersObjectDurable() throws IOException {
        store.putIfAbsent("data/a", bytes("first"));
        var disk = new FaultyDisk(root());

        store(disk).putIfAbsent("data/a", bytes("second"));

        assertThat(disk.steps())
                .containsExactly(
                        "write .tmp/T",
                        "link .tmp/T data/a",
                        "delete .tmp/T",
                        "force data",
                        "force ");
    }

    @Test
    void aPutThatFailsAtAnyStepLeavesTheWholeObjectOrNone() throws IOException {
        int n = 1;
        while (failsAtStep(n)) {
            n++;
        }
        assertThat(n).isEqualTo(10);
    }

    private boolean failsAtStep(int n) throws IOException {
        Path root = Files.createDirectory(folder.resolve("archive-" + n));
        var disk = new FaultyDisk(root, n, new IOException("injected"));
        var failing = new LocalObjectStore(root, disk, CLOCK);

        Throwable thrown = catchThrowable(() -> failing.putIfAbsent("d/e/a", bytes("content")));

        String failed = disk.hasFailed() ? disk.steps().get(n - 1) : "";
        boolean isNamed = disk.steps().contains("link .tmp/T d/e/a") && !failed.startsWith("link");
        var restarted = new LocalObjectStore(root);
        assertThat(thrown != null).isEqualTo(disk.hasFailed());
        assertThat(restarted.list("", "", 10)).isEqualTo(isNamed ? List.of("d/e/a") : List.of());
        if (isNamed) {
            assertThat(restarted.get("d/e/a")).isEqualTo(bytes("content"));
        }
        if (!failed.startsWith("delete")) {
            assertNoTempFiles(root);
        }
        assertThat(restarted.putIfAbsent("d/e/a", bytes("content"))).isEqualTo(!isNamed);
        return disk.hasFailed();
    }

    @Test
    void aFullDiskIsToldWithTheBytesThatAreFree() throws IOException {
        var disk = new FaultyDisk(root(), 2, new IOException("No space left on device"));

        assertThatThrownBy(() -> store(disk).putIfAbsent("d/a", bytes("content")))
                .isInstanceOf(TidemarkException.class)
                .hasMessageMatching(
                        "no space in '%s' for 'd/a' of 7 bytes: \\d+ bytes free".formatted(root()))
                .extracting("kind", "hint")
                .containsExactly(
                        TidemarkException.Kind.FAILED,
                        "Free some space or enlarge the file system; nothing is lost, and the write"
                                + " can be repeated.");
        assertThat(store.list("", "", 10)).isEmpty();
        assertNoTempFiles(root());
    }

    @Test
    void aFolderThatIsGoneIsNoEmptyArchive() throws IOException {
        var gone = new LocalObjectStore(folder.resolve("gone"));
        String message = "archive folder '" + folder.resolve("gone") + "' does not exist";

        assertThatThrownBy(() -> gone.list("", "", 10)).hasMessage(message);
        assertThatThrownBy(() -> gone.get("a")).hasMessage(message);
        assertThatThrownBy(() -> gone.size("a")).hasMessage(message);
        assertThatThrownBy(() -> gone.delete("a")).hasMessage(message);
        assertThatThrownBy(() -> gone.putIfAbsent("a", new byte[0]))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(message)
                .extracting("hint")
                .isEqualTo("Mount the file system that it is on; for a new archive, create it.");
        assertThat(folder.resolve("gone")).doesNotExist();
    }

    @Test
    void probeCreatesTheFolder() throws IOException {
        var fresh = new LocalObjectStore(folder.resolve("not/yet"));

        fresh.probe();

        assertThat(fresh.putIfAbsent("a", bytes("x"))).isTrue();
    }

    @Test
    void probeNamesAFileSystemWithoutHardLinks() throws IOException {
        // FAT and some network file systems answer a link so.
        var disk =
                new FaultyDisk(
                        root(), 3, new FileSystemException("a", "b", "Operation not permitted"));

        assertRefused(disk, "cannot hard link: a -> b: Operation not permitted");
    }

    @Test
    void probeNamesAFileSystemThatLinksTwice() throws IOException {
        var overwriting =
                new Disk() {
                    private final Disk disk = new SystemDisk();

                    @Override
                    public void write(Path file, java.io.InputStream content) throws IOException {
                        disk.write(file, content);
                    }

                    @Override
                    public void link(Path file, Path secondName) throws IOException {
                        Files.deleteIfExists(secondName);
                        disk.link(file, secondName);
                    }

                    @Override
                    public void createFolder(Path folder) throws IOException {
                        disk.createFolder(folder);
                    }

                    @Override
                    public void forceFolder(Path folder) throws IOException {
                        disk.forceFolder(folder);
                    }

                    @Override
                    public void delete(Path file) throws IOException {
                        disk.delete(file);
                    }
                };

        assertRefused(overwriting, "links to a name that exists");
    }

    @Test
    void probeNamesAFileSystemThatCannotSyncAFolder() throws IOException {
        var disk = new FaultyDisk(root(), 5, new IOException("Invalid argument"));

        assertRefused(disk, "cannot sync a folder: Invalid argument");
    }

    @Test
    void probeNamesAFileInTheWay() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertNotWritten(
                new LocalObjectStore(file.resolve("archive")),
                "cannot write to archive folder '%s/archive': %s: is not a folder"
                        .formatted(file, file));
    }

    @Test
    void probeNamesAFolderThatCannotBeWritten() throws IOException {
        var disk = new FaultyDisk(root(), 2, new AccessDeniedException("/the/file"));

        assertNotWritten(
                store(disk),
                "cannot write to archive folder '%s': /the/file: permission denied"
                        .formatted(root()));
        assertNoTempFiles(root());
    }

    private static void assertNotWritten(ObjectStore store, String message) {
        assertThatThrownBy(store::probe)
                .isInstanceOf(TidemarkException.class)
                .hasMessage(message)
                .extracting("kind", "hint")
                .containsExactly(
                        TidemarkException.Kind.REFUSED,
                        "Give the user that runs Tidemark the right to write there, or correct"
                                + " 'archive.url'.");
    }

    @Test
    void probeRemovesTempFilesOfADayAgoOnly() throws IOException {
        store.probe();
        Path old = temp("old", "2026-11-19T11:59:59Z");
        Path young = temp("young", "2026-11-19T12:00:01Z");

        store(new SystemDisk()).probe();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void listLeavesOutWhatIsNoObject() throws IOException {
        Files.createDirectory(root().resolve("lost+found"));
        Files.writeString(root().resolve(".DS_Store"), "");
        Files.createSymbolicLink(root().resolve("loop"), root());
        store.probe();
        temp("old", "2026-11-19T11:59:59Z");
        store.putIfAbsent("a", bytes("x"));

        assertThat(store.list("", "", 10)).containsExactly("a", "loop");
    }

    @Test
    void aNameCannotBeAnObjectAndAFolder() throws IOException {
        store.putIfAbsent("a", bytes("x"));
        store.putIfAbsent("b/c", bytes("x"));

        assertThatThrownBy(() -> store.putIfAbsent("a/b", bytes("y")))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(root() + "/a: is an object, and cannot be a folder too");
        assertThatThrownBy(() -> store.putIfAbsent("b", bytes("y")))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(root() + "/b: is the folder of other objects");
        assertNoTempFiles(root());
    }

    @Test
    void anInterruptedThreadGetsAnErrorAndStaysInterrupted() throws IOException {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> store.putIfAbsent("a", bytes("x")))
                .isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.list("", "", 10)).isEmpty();
        assertNoTempFiles(root());
    }

    private void assertRefused(Disk disk, String fault) throws IOException {
        assertThatThrownBy(() -> store(disk).probe())
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "the file system of '%s' (%s) %s"
                                .formatted(root(), Files.getFileStore(root()).type(), fault))
                .extracting("kind", "hint")
                .containsExactly(
                        TidemarkException.Kind.REFUSED,
                        "Use a folder on a local ext4 or xfs file system, or S3.");
        assertNoTempFiles(root());
    }

    private Path temp(String name, String modified) throws IOException {
        Path file = Files.writeString(root().resolve(".tmp").resolve(name), "half");
        return Files.setLastModifiedTime(file, FileTime.from(Instant.parse(modified)));
    }

    private ObjectStore store(Disk disk) throws IOException {
        return new LocalObjectStore(root(), disk, CLOCK);
    }

    private Path root() throws IOException {
        return Files.createDirectories(folder.resolve("archive"));
    }

    private static void assertNoTempFiles(Path root) throws IOException {
        if (Files.exists(root.resolve(".tmp"))) {
            try (Stream<Path> files = Files.list(root.resolve(".tmp"))) {
                assertThat(files).isEmpty();
            }
        }
    }
}
