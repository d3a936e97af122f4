package dev.tidemark.replay.evidence;

import java.util.List;
import java.util.Optional;

/**
 * All that a bundle tells, beside its rows' files.
 *
 * @param timezone that moments without an offset were read by, if one is configured
 * @param version of Tidemark
 */
record BundleFacts(
        AnsweredQuestion question,
        Provenance provenance,
        Optional<String> timezone,
        String version) {
    private static final int FORMAT = 1;

    /** What question.json holds. */
    record Written(
            int format,
            String tidemark,
            String title,
            String question,
            String command,
            Optional<String> timezone,
            AskedWindow window,
            List<AnswerRows.Column> columns,
            long rows,
            boolean hasMore,
            List<String> actors,
            List<String> notes,
            Provenance provenance) {}

    Written written() {
        return new Written(
                FORMAT,
                version,
                question.title(),
                question.words(),
                question.command(),
                timezone,
                question.window(),
                question.rows().columns(),
                question.rows().rows().size(),
                question.rows().hasMore(),
                question.actors(),
                question.notes(),
                provenance);
    }
}
