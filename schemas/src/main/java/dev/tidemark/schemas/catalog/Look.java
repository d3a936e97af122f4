package dev.tidemark.schemas.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.json.CanonicalJson;
import java.time.Instant;

/**
 * A reading of the source's whole catalog, which tells what nothing else told. What it tells was
 * changed after one position and may have been changed before its own transaction; up to another
 * position nothing is untold after it.
 *
 * @param from where the look before it stood: up to here all was as told
 * @param at where this one stands
 * @param time when it was begun, by the source's clock
 * @param by how schema changes come to be known there
 */
public record Look(Position from, Position at, Instant time, SchemaChanges by) {
    /** The prefix of the message of a look that found nothing. */
    public static final String MESSAGE = "look";

    /** Of such a message's content. */
    public static Look read(String json) {
        return CanonicalJson.read(json.getBytes(UTF_8), Look.class, "a look");
    }
}
