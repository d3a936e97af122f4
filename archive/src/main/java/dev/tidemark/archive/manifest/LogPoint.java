package dev.tidemark.archive.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * Where in the change log the archive stands.
 *
 * @param topic its name
 * @param topicId its id in the Kafka cluster: another one means that the topic was created anew
 * @param offset the next record to read
 * @param session the session in force before that record
 * @param leaderEpoch Kafka's count of the partition's leaders, as of the record before: a log that
 *     has another record there since an election was rewritten. Empty where that is not known
 */
public record LogPoint(
        String topic,
        String topicId,
        long offset,
        long session,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> leaderEpoch) {}
