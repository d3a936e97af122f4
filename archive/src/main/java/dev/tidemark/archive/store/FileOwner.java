package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whose a file is, by number: in a container users have no names. Where the system does not tell,
 * as outside Linux, nothing is said. Any thread may use it.
 */
public final class FileOwner {
    private static final String USER = "unix:uid";
    private static final int ROOT = 0;

    /** The process of whoever looks, which Linux shows as his own. */
    private static final Path OWN_PROCESS = Path.of("/proc/self");

    private FileOwner() {}

    /**
     * What to add to a hint, when a folder that cannot be written is somebody else's: the most
     * likely reason in a container, where it is a volume that root made.
     *
     * @param folder that is to be made, or to be written into
     * @param cause what that failed with
     * @return such as {@code " '/var/lib/tidemark' belongs to user 0, and this program runs as user
     *     10001."}, or nothing where something else is the reason
     */
    public static String hint(Path folder, IOException cause) {
        if (!(cause instanceof AccessDeniedException)) {
            return "";
        }
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return hint(existing, user(existing), user(OWN_PROCESS));
    }

    static String hint(Path existing, Optional<Integer> owner, Optional<Integer> own) {
        return owner.isEmpty() || own.isEmpty() || owner.equals(own)
                ? ""
                : " '%s' belongs to user %d, and this program runs as user %d."
                        .formatted(existing, owner.get(), own.get());
    }

    /**
     * Is it root's, and this program is not root? Then its group is one that root chose: so
     * Kubernetes gives a secret to the user of a pod.
     */
    public static boolean isGivenByRoot(Path file) {
        return user(file).filter(owner -> owner == ROOT).isPresent()
                && user(OWN_PROCESS).filter(own -> own != ROOT).isPresent();
    }

    private static Optional<Integer> user(Path file) {
        try {
            return Files.getAttribute(file, USER) instanceof Integer user
                    ? Optional.of(user)
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
