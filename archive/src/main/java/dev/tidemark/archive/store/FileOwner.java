package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whose a file is, by number: in a container users have no names. Where the system does not tell,
 * as outside Linux, nothing is said. Any thread may use it.
 */
public final class FileOwner {
    private static final String USER = "unix:uid";
    private static final int ROOT = 0;
    private static final Set<PosixFilePermission> OTHERS =
            PosixFilePermissions.fromString("---rwxrwx");

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
     * What others than its owner may do with a file that is secret. That its group may read it does
     * not count where root owns it and this program is not root: the group is one that root chose
     * then, as Kubernetes does for the user of a pod.
     */
    public static Set<PosixFilePermission> rightsOfOthers(Path file) throws IOException {
        var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null
                ? Set.of() // a file system without such rights
                : rightsOfOthers(
                        view.readAttributes().permissions(), user(file), user(OWN_PROCESS));
    }

    static Set<PosixFilePermission> rightsOfOthers(
            Set<PosixFilePermission> all, Optional<Integer> owner, Optional<Integer> own) {
        Set<PosixFilePermission> rights = EnumSet.noneOf(PosixFilePermission.class);
        rights.addAll(all);
        rights.retainAll(OTHERS);
        boolean isOfRoot = owner.filter(user -> user == ROOT).isPresent();
        if (isOfRoot && own.filter(user -> user != ROOT).isPresent()) {
            rights.remove(PosixFilePermission.GROUP_READ);
        }
        return rights;
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
