package dev.tidemark.cli.wiring;

import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.schemas.change.Entry;
import java.lang.management.ManagementFactory;
import java.util.UUID;

/** The first record of a change log that a command starts. */
final class LogOpening {
    private LogOpening() {}

    /**
     * A session of nobody: the next capture opens its own after it.
     *
     * @param by the command, for people
     */
    static Entry.Session session(Parts parts, SourceFacts facts, String by) {
        return new Entry.Session(
                UUID.randomUUID().toString(),
                parts.configuration().neededSource().name(),
                facts.systemId(),
                facts.timeline(),
                parts.configuration().neededSource().url().database(),
                facts.version(),
                by + " " + ManagementFactory.getRuntimeMXBean().getName(),
                parts.clock().instant());
    }
}
