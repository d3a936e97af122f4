package dev.tidemark.archive.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.store.FileOwner;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files of keys: never overwritten, and what is secret in them is its owner's alone. */
final class KeyFile {
    private static final String OWNER_ALONE = "rw-------";

    private KeyFile() {}

    static void refuseExisting(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw TidemarkException.refused(
                    "the file %s exists already".formatted(file),
                    "A key that is lost is lost for ever, so none is overwritten. Choose another name.");
        }
    }

    static void createSecret(Path file, String text) {
        boolean hasRights =
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        create(
                file,
                text,
                hasRights
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString(OWNER_ALONE))
                        }
                        : new FileAttribute<?>[0]);
    }

    static void create(Path file, String text, FileAttribute<?>... rights) {
        try (SeekableByteChannel out =
                Files.newByteChannel(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.SYNC),
                        rights)) {
            ByteBuffer content = ByteBuffer.wrap(text.getBytes(US_ASCII));
            while (content.hasRemaining()) {
                out.write(content);
            }
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot write the file %s: %s"
                            .formatted(file, TidemarkException.reason(e, file)),
                    "Choose a folder that is there and that you may write.",
                    e);
        }
    }

    /** A key that others can read signs for them too. */
    static void refuseWhatOthersRead(Path file) {
        try {
            if (!FileOwner.rightsOfOthers(file).isEmpty()) {
                throw TidemarkException.refused(
                        "others than its owner have rights to the private key %s".formatted(file),
                        "Run 'chmod 600 %s', and think of who may have read it.".formatted(file));
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static TidemarkException unreadable(Path file, IOException e) {
        return TidemarkException.usage(
                "cannot read the key %s: %s".formatted(file, TidemarkException.reason(e, file)),
                "Check the setting, and that you may read the file.");
    }
}
