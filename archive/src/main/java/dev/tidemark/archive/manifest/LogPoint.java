package dev.tidemark.archive.manifest;

/**
 * Where in the change log the archive stands.
 *
 * @param topic its name
 * @param topicId its id in the Kafka cluster: another one means that the topic was created anew
 * @param offset the next record to read
 * @param session the session in force before that record
 */
public record LogPoint(String topic, String topicId, long offset, long session) {}
