package dev.tidemark.archiver.mark;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Hold;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archiver.commit.SideCommitter;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps moments of an archive whatever its policy says, and releases them. For one thread. */
public final class Holds {
    private final Archive archive;
    private final SideCommitter committer;

    public Holds(Archive archive, Clock clock) {
        this.archive = archive;
        this.committer = new SideCommitter(archive, clock);
    }

    /**
     * Keeps all moments from one to another, both included.
     *
     * @throws TidemarkException when the name is none or is taken, or the archive holds nothing of
     *     that time any more
     */
    public Hold add(String name, Instant from, Instant to, String note) throws IOException {
        Names.check("hold", name);
        if (to.isBefore(from)) {
            throw TidemarkException.usage(
                    "the hold would end at %s, before it begins at %s".formatted(to, from),
                    "Give the earlier moment first.");
        }
        Hold hold = new Hold(name, from, to, note, false);
        archive.refresh();
        for (int attempt = 0; ; attempt++) {
            find(name).ifPresent(Holds::refuseTaken);
            refuseWhatIsGone(hold);
            if (publish(attempt, hold)) {
                return hold;
            }
        }
    }

    private static void refuseTaken(Hold there) {
        throw TidemarkException.refused(
                "the hold '%s' is there already, from %s to %s"
                        .formatted(there.name(), there.from(), there.to()),
                "Choose another name, or release it with --release.");
    }

    private void refuseWhatIsGone(Hold hold) {
        if (heldFrom(hold).filter(first -> !first.isAfter(hold.to())).isEmpty()) {
            throw TidemarkException.refused(
                    "the archive holds nothing of the time from %s to %s"
                            .formatted(hold.from(), hold.to()),
                    "It expired or was never archived, and nothing brings it back. 'tidemark info' says what there is.");
        }
    }

    /**
     * The first moment from the beginning of a hold on that the archive has; empty when it has none
     * that is not past the hold.
     */
    public Optional<Instant> heldFrom(Hold hold) {
        List<Stretch> stretches = archive.state().stretches();
        Optional<Instant> there =
                stretches.stream()
                        .filter(one -> !one.end().span().latestCommit().isBefore(hold.from()))
                        .map(one -> one.base().span().latestCommit())
                        .map(first -> first.isAfter(hold.from()) ? first : hold.from())
                        .findFirst();
        return there.isPresent() || stretches.isEmpty()
                ? there
                : Optional.of(hold.from()); // to come
    }

    /**
     * Releases one.
     *
     * @return the hold that it was
     * @throws TidemarkException when there is none
     */
    public Hold release(String name) throws IOException {
        archive.refresh();
        for (int attempt = 0; ; attempt++) {
            Hold there =
                    find(name)
                            .orElseThrow(
                                    () ->
                                            TidemarkException.refused(
                                                    "there is no hold '%s' in the archive %s"
                                                            .formatted(name, archive.url()),
                                                    "'tidemark hold' lists the holds."));
            if (publish(attempt, there.released())) {
                return there;
            }
        }
    }

    private Optional<Hold> find(String name) {
        return archive.state().holds().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    private boolean publish(int attempt, Hold hold) throws IOException {
        return committer.commit(attempt, committer.draft(Manifest.Kind.HOLD, hold));
    }
}
