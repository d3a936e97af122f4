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

    /** A column in question.json. */
    record WrittenColumn(String name, String type) {}

    /** What question.json holds. */
    record Written(
            int format,
            String tidemark,
            String title,
            String question,
            String command,
            Optional<String> timezone,
            AskedWindow window,
            List<WrittenColumn> columns,
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
                question.rows().columns().stream()
                        .map(column -> new WrittenColumn(column.name(), column.type()))
                        .toList(),
                question.rows().rows().size(),
                question.rows().hasMore(),
                question.actors(),
                question.notes(),
                provenance);
    }
}
