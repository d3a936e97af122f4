package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.SealedTexts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The texts for people in manifests: in an encrypted archive they are sealed in what is published,
 * while all else in a manifest can be read, and so checked, without the key. For one thread.
 */
final class ManifestTexts {
    private final SealedTexts texts;

    ManifestTexts(SealedTexts texts) {
        this.texts = texts;
    }

    /** What turns the texts of one manifest into others. */
    private interface Each {
        String of(String text, String place) throws IOException;
    }

    /** As it is published. */
    Manifest sealed(Manifest manifest) throws IOException {
        return texts == SealedTexts.NONE ? manifest : with(manifest, texts::seal);
    }

    /** As it was before that. */
    ArchiveState opened(ArchiveState published) throws IOException {
        if (texts == SealedTexts.NONE) {
            return published;
        }
        List<Manifest> manifests = new ArrayList<>();
        for (Manifest manifest : published.manifests()) {
            manifests.add(with(manifest, texts::open));
        }
        return new ArchiveState(
                published.last(),
                published.hash(),
                manifests,
                published.replaced(),
                published.emptied());
    }

    private static Manifest with(Manifest manifest, Each each) throws IOException {
        if (manifest.gap().isEmpty() && manifest.mark().isEmpty() && manifest.hold().isEmpty()) {
            return manifest;
        }
        Optional<Gap> gap = manifest.gap();
        if (gap.isPresent()) {
            String reason = each.of(gap.get().reason(), manifest.name() + " gap.reason");
            gap = Optional.of(gap.get().withReason(reason));
        }
        Optional<Mark> mark = manifest.mark();
        if (mark.isPresent()) {
            String name = each.of(mark.get().name(), manifest.name() + " mark.name");
            String note = each.of(mark.get().note(), manifest.name() + " mark.note");
            mark = Optional.of(mark.get().withTexts(name, note));
        }
        Optional<Hold> hold = manifest.hold();
        if (hold.isPresent()) {
            String name = each.of(hold.get().name(), manifest.name() + " hold.name");
            String note = each.of(hold.get().note(), manifest.name() + " hold.note");
            hold = Optional.of(hold.get().withTexts(name, note));
        }
        return manifest.withTexts(gap, mark, hold);
    }
}
