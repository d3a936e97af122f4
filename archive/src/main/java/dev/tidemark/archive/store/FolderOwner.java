package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whose a folder is that cannot be written: the most likely reason in a container, where it is a
 * volume that root made.
 */
public final class FolderOwner {
    private static final String USER = "unix:uid";

    /** The process of whoever looks, which Linux shows as his own. */
    private static final Path OWN_PROCESS = Path.of("/proc/self");

    private FolderOwner() {}

    /**
     * What to add to a hint: such as {@code " '/var/lib/tidemark' belongs to user 0, and this
     * program runs as user 10001."}, and nothing where something else is the reason, or the system
     * does not tell.
     *
     * @param folder that is to be made, or to be written into
     * @param cause what that failed with
     */
    public static String hint(Path folder, IOException cause) {
        if (!(cause instanceof AccessDeniedException)) {
            return "";
        }
        try {
            Path existing = folder.toAbsolutePath();
            while (!Files.exists(existing) && existing.getParent() != null) {
                existing = existing.getParent();
            }
            Object owner = Files.getAttribute(existing, USER);
            Object own = Files.getAttribute(OWN_PROCESS, USER);
            return owner.equals(own)
                    ? ""
                    : " '%s' belongs to user %s, and this program runs as user %s."
                            .formatted(existing, owner, own);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "";
        }
    }
}
