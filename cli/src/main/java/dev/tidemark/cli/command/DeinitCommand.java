package dev.tidemark.cli.command;

import dev.tidemark.capture.prepare.Removal;
import dev.tidemark.capture.prepare.SynchronousCommits;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Brokers;
import dev.tidemark.cli.wiring.Parts;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark deinit}. */
@Command(
        name = "deinit",
        header = "Remove every trace of Tidemark from the source.",
        description = {
            "%nShows publication, slot, triggers, role and topic that it would remove. The archive stays."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark deinit",
            "  tidemark deinit --confirm",
            "  tidemark deinit --confirm --keep-log"
        })
final class DeinitCommand implements TidemarkCommand {
    @Option(names = "--confirm", description = "Do it. Without this, only show what would go.")
    boolean isConfirmed;

    @Option(names = "--keep-log", description = "Leave the topic in Kafka.")
    boolean isLogKept;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.SOURCE, Section.KAFKA);
        String topic = ChangeLogTopic.nameFor(parts.configuration().neededSource().name());
        if (!isConfirmed) {
            context.out().printf("This would remove from the %s:%n", parts.admin());
            context.out()
                    .printf(
                            "  the replication slot %s and the publication %s%n",
                            parts.names().slot(), parts.names().publication());
            context.out()
                    .println(
                            "  the event triggers tidemark_*, the schema tidemark, and replica identities that it set");
            context.out()
                    .printf(
                            "  the role %s, if Tidemark made it and nothing else needs it%n",
                            parts.source().url().user());
            if (!isLogKept) {
                context.out().printf("and from Kafka the topic %s with all its records.%n", topic);
            }
            context.out().println("The archive stays. Run it again with --confirm to do it.");
            return ExitCode.DONE;
        }
        SynchronousCommits.end(parts.admin(), parts.names()); // before there is nobody to wait for
        Removal.RoleOutcome role =
                Removal.run(parts.admin(), parts.replicating(), parts.names(), role(parts));
        if (!isLogKept) {
            try (Brokers brokers = parts.brokers()) {
                parts.topic(brokers.bootstrapServers()).delete();
            }
        }
        context.out().println("Removed." + said(role));
        return ExitCode.DONE;
    }

    private static Optional<String> role(Parts parts) {
        String role = parts.source().url().user();
        return role.equals(parts.admin().url().user()) ? Optional.empty() : Optional.of(role);
    }

    private static String said(Removal.RoleOutcome role) {
        return switch (role) {
            case GONE -> "";
            case NOT_OURS -> " The role stays: Tidemark did not make it.";
            case STILL_NEEDED -> " The role stays: something else needs it.";
        };
    }
}
