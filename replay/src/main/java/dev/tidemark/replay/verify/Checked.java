package dev.tidemark.replay.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.proof.Witness;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a verification found good, in a file of whoever verifies: a run that was cut off goes on
 * there. Its first line says what it is of; each other one is a hash and a name, whole once what it
 * names was checked. Safe for use by many threads.
 */
public final class Checked implements AutoCloseable {
    private static final int FORMAT = 1;
    private static final String SHA256 = "[0-9a-f]{64}";
    private static final String LINE = SHA256 + "  [!-~]+";
    private static final String HEADER = "{\"archive\":\"";
    private static final Set<PosixFilePermission> OWNER_ALONE =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> WRITE_OF_OTHERS =
            PosixFilePermissions.fromString("----w--w-");

    /**
     * What the record is of.
     *
     * @param archive the SHA-256 in hex of tidemark.json
     * @param number of the newest manifest when the first run began; −1 for none
     * @param manifest its SHA-256 in hex
     * @param began when that was, by the clock of who verifies
     */
    public record Origin(
            int format,
            String archive,
            long number,
            String manifest,
            Verification.Level level,
            long since,
            Instant began) {
        public Origin {
            Objects.requireNonNull(level);
            Objects.requireNonNull(began);
            if (format != FORMAT || !archive.matches(SHA256) || manifest.isBlank() != number < 0) {
                throw new IllegalArgumentException("not a record of format " + FORMAT);
            }
        }

        /** Of a run that begins now. */
        public static Origin of(ChainReport chain, Verification.Extent extent, Instant now) {
            return new Origin(
                    FORMAT,
                    chain.archive(),
                    chain.last(),
                    chain.hash(),
                    extent.level(),
                    extent.since(),
                    now);
        }

        /**
         * An archive that does not hold that manifest is another one, or an older state. One that
         * does may have been so before the first run, too.
         */
        public Witness witness(Path file) {
            return new Witness("the record " + file, Optional.of(archive), number, manifest, false);
        }

        private String what() {
            return "--level %s --since %d".formatted(level.name().toLowerCase(Locale.ROOT), since);
        }
    }

    private final Path file;
    private final Optional<RandomAccessFile> out;
    private final Optional<Instant> earlierBegan;
    private final Set<String> lines;

    private Checked(
            Path file,
            Optional<RandomAccessFile> out,
            Optional<Instant> earlierBegan,
            Set<String> lines) {
        this.file = file;
        this.out = out;
        this.earlierBegan = earlierBegan;
        this.lines = lines;
    }

    /** For a run that keeps no record. */
    public static Checked nothing() {
        return new Checked(Path.of(""), Optional.empty(), Optional.empty(), Set.of());
    }

    /**
     * What an earlier run left; empty when there is none.
     *
     * @throws TidemarkException when the file is something else
     */
    public static Optional<Origin> origin(Path file) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            refuseOthers(file);
            String content = new String(Files.readAllBytes(file), UTF_8);
            return isBegun(content) ? Optional.of(origin(file, content)) : Optional.empty();
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** Has it more than a first line that was cut off? */
    private static boolean isBegun(String content) {
        return content.contains("\n") || !isHeader(content);
    }

    private static boolean isHeader(String content) {
        return content.isEmpty() || content.startsWith(HEADER) || HEADER.startsWith(content);
    }

    /** Who can write it could have files of the archive left out. */
    private static void refuseOthers(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw TidemarkException.refused(
                    "the record %s is a link, and not a file".formatted(file),
                    "Name a file of your own, in a folder that others cannot write.");
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null
                && view.readAttributes().permissions().stream()
                        .anyMatch(WRITE_OF_OTHERS::contains)) {
            throw TidemarkException.refused(
                    "others than its owner may write the record " + file,
                    "They could have files left out. Delete it and begin anew, in a folder that others cannot write.");
        }
        if (view != null && !view.getOwner().equals(me(file))) {
            throw TidemarkException.refused(
                    "the record %s is %s's, and not yours"
                            .formatted(file, view.getOwner().getName()),
                    "Name a file of your own, in a folder that others cannot write.");
        }
    }

    /** Whoever owns what this process makes. */
    private static UserPrincipal me(Path file) throws IOException {
        Path made = Files.createTempFile(file.toAbsolutePath().getParent(), ".tidemark", "");
        try {
            return Files.getOwner(made);
        } finally {
            Files.delete(made);
        }
    }

    private static Origin origin(Path file, String content) {
        String first = content.lines().findFirst().orElse("");
        try {
            return CanonicalJson.read(first.getBytes(UTF_8), Origin.class, file.toString());
        } catch (TidemarkException e) {
            throw TidemarkException.refused(
                    "%s is no record of a verification by this version".formatted(file),
                    "Name a file that is not there yet to begin anew.",
                    e);
        }
    }

    /**
     * Goes on with a record, or begins one.
     *
     * @param now what a new one is of
     * @throws TidemarkException when the record is of something else, or another run writes it
     */
    public static Checked open(Path file, Origin now) {
        try {
            create(file);
            RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw");
            try {
                lock(out, file);
                return open(out, file, now);
            } catch (IOException | RuntimeException e) {
                out.close();
                throw e;
            }
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static void create(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            refuseOthers(file);
            return;
        }
        boolean hasRights =
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        try {
            Files.createFile(
                    file,
                    hasRights
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(OWNER_ALONE)
                            }
                            : new FileAttribute<?>[0]);
        } catch (FileAlreadyExistsException e) {
            refuseOthers(file); // somebody was faster
        }
    }

    private static void lock(RandomAccessFile out, Path file) throws IOException {
        boolean isOurs;
        try {
            isOurs = out.getChannel().tryLock() != null; // until it is closed
        } catch (OverlappingFileLockException e) {
            isOurs = false;
        }
        if (!isOurs) {
            throw TidemarkException.refused(
                    "another verification writes the record " + file,
                    "Wait for it, or name another file.");
        }
    }

    private static Checked open(RandomAccessFile out, Path file, Origin now) throws IOException {
        byte[] stored = new byte[Math.toIntExact(out.length())];
        out.readFully(stored); // not by another way, whose end would give up the lock
        String content = new String(stored, UTF_8); // what is not UTF-8 is no line
        if (!isBegun(content)) {
            out.setLength(0);
            out.write(line(new String(CanonicalJson.write(now), UTF_8)));
            return new Checked(file, Optional.of(out), Optional.empty(), Set.of());
        }
        Origin before = origin(file, content);
        checkIsOf(before, now, file);
        Set<String> lines = new HashSet<>();
        int end = content.indexOf('\n') + 1;
        for (int next = content.indexOf('\n', end);
                next >= 0 && content.substring(end, next).matches(LINE);
                next = content.indexOf('\n', end)) {
            lines.add(content.substring(end, next));
            end = next + 1;
        }
        out.setLength(end); // without a last line that was cut off
        out.seek(end);
        return new Checked(file, Optional.of(out), Optional.of(before.began()), lines);
    }

    private static void checkIsOf(Origin before, Origin now, Path file) {
        String hint = "Name another file to begin anew, or delete this one.";
        if (!before.archive().equals(now.archive())) {
            throw TidemarkException.refused(
                    "the record %s is of another archive".formatted(file), hint);
        }
        if (before.level() != now.level() || before.since() != now.since()) {
            throw TidemarkException.refused(
                    "the record %s is of %s, not of %s".formatted(file, before.what(), now.what()),
                    hint);
        }
    }

    private static TidemarkException unusable(Path file, IOException e) {
        return TidemarkException.failed(
                "cannot use the record %s: %s".formatted(file, TidemarkException.reason(e, file)),
                "Name a file that you may read and write, with room on its disk.",
                e);
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(UTF_8);
    }

    /** When the first of the earlier runs began; empty when this is the first. */
    Optional<Instant> earlierBegan() {
        return earlierBegan;
    }

    /** Did an earlier run find it good? */
    boolean holds(String name, String sha256) {
        return lines.contains(sha256 + "  " + name);
    }

    /** It was found good. */
    synchronized void add(String name, String sha256) {
        if (out.isEmpty()) {
            return;
        }
        try {
            out.get().write(line(sha256 + "  " + name));
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** All was looked at: whoever verifies again begins anew. */
    public void finish() throws IOException {
        if (out.isPresent()) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() throws IOException {
        if (out.isPresent()) {
            out.get().close();
        }
    }
}
