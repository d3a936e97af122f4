package dev.tidemark.cli.wiring;

import dev.tidemark.capture.publish.LogClaim;
import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.cli.config.KafkaSettings;
import dev.tidemark.cli.embedded.KafkaBroker;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far changes are on their way from the source to the archive, now.
 *
 * @param slot as the source says it
 * @param captured the last whole transaction in the change log
 * @param capturedTime its commit time
 * @param notKnown what could not be looked at, and why
 */
public record WayNow(
        Optional<SlotGuard.Slot> slot,
        Optional<Position> captured,
        Optional<Instant> capturedTime,
        List<String> notKnown) {
    public WayNow {
        notKnown = List.copyOf(notKnown);
    }

    /**
     * Looks at source and change log, as far as the configuration names them and they answer.
     * Starts no broker.
     */
    public static WayNow of(Parts parts) throws InterruptedException {
        List<String> notKnown = new ArrayList<>();
        Optional<SlotGuard.Slot> slot = slot(parts, notKnown);
        Optional<String> servers = servers(parts, notKnown);
        if (parts.configuration().source().isPresent() && servers.isPresent()) {
            try (LogClaim claim = LogClaim.prepare(parts.topic(servers.get()))) {
                return new WayNow(slot, Optional.of(claim.end()), claim.lastCommit(), notKnown);
            } catch (TidemarkException e) {
                notKnown.add(String.valueOf(e.getMessage()));
            }
        }
        return new WayNow(slot, Optional.empty(), Optional.empty(), notKnown);
    }

    private static Optional<SlotGuard.Slot> slot(Parts parts, List<String> notKnown) {
        if (parts.configuration().source().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SlotGuard(parts.source(), parts.names().slot()).look());
        } catch (TidemarkException e) {
            notKnown.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<String> servers(Parts parts, List<String> notKnown) {
        if (parts.configuration().kafka().isEmpty()) {
            return Optional.empty();
        }
        return switch (parts.configuration().neededKafka()) {
            case KafkaSettings.Brokers outside -> Optional.of(outside.bootstrapServers());
            case KafkaSettings.Embedded embedded -> {
                Optional<String> running = KafkaBroker.running(embedded.directory());
                if (running.isEmpty()) {
                    notKnown.add("the embedded Kafka is not running");
                }
                yield running;
            }
        };
    }
}
