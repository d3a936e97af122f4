package dev.tidemark.archive.plan;

import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.schemas.TidemarkException;
import java.util.List;
import java.util.stream.Collectors;

/** Says why a moment is out of reach, and which ones are not. */
record Moments(Target target, List<Stretch> stretches) {
    /** Just before the first one is outside too, and to say "is before" of it would be wrong. */
    TidemarkException tooEarly(String what) {
        return outside(
                target.before()
                        ? "is not after the archive's first "
                                + what
                                + ", so that nothing before it is known"
                        : "is before the archive's first " + what);
    }

    /** It is past the end of a stretch: in the gap after it, or later than all that is archived. */
    TidemarkException notIn(Stretch stretch) {
        int next = stretches.indexOf(stretch) + 1;
        if (next == stretches.size()) {
            return outside("is not archived yet");
        }
        Stretch after = stretches.get(next);
        if (after.gap().isEmpty()) {
            return expired(stretch, after);
        }
        Gap gap = after.gap().get();
        return TidemarkException.refused(
                "%s is in a gap: what was committed after %s (%s) and is not in the base of %s (%s) is lost: %s"
                        .formatted(
                                target.moment(),
                                gap.from(),
                                gap.fromTime(),
                                after.from(),
                                after.base().span().latestCommit(),
                                gap.reason()),
                "The nearest moments are --to %s before it and --to %s after it."
                        .formatted(stretch.to(), after.from()));
    }

    private TidemarkException expired(Stretch before, Stretch after) {
        return TidemarkException.refused(
                "%s has expired: of what was between %s and %s the archive keeps nothing"
                        .formatted(
                                target.moment(),
                                before.end().span().latestCommit(),
                                after.base().span().latestCommit()),
                "The nearest moments are --to %s before it and --to %s after it."
                        .formatted(before.to(), after.from()));
    }

    /** A position on both sides of a gap, of which the later one began at an earlier position. */
    TidemarkException inTwoHistories(List<Stretch> holders) {
        return TidemarkException.refused(
                "%s is in %d histories of the source: %s"
                        .formatted(
                                target.moment(),
                                holders.size(),
                                holders.stream()
                                        .map(Stretch::describe)
                                        .collect(Collectors.joining("; "))),
                "Name the moment by its time.");
    }

    TidemarkException outside(String how) {
        String hint =
                how.endsWith("yet")
                        ? " Wait until the archiver is past it, or use --to latest."
                        : " Choose a moment in it.";
        return TidemarkException.refused(target.moment() + " " + how, describe() + hint);
    }

    private String describe() {
        return stretches.stream()
                .map(one -> (one.gap().isPresent() ? "after a gap, " : "") + one.describe())
                .collect(Collectors.joining(", then, ", "The archive reaches ", "."));
    }
}
