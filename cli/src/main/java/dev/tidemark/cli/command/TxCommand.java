package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.history.TransactionHistory;
import dev.tidemark.replay.history.TransactionView;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark tx}. */
@Command(
        name = "tx",
        header = "All that one transaction changed, and who acted in it.",
        description = {
            "%nReads the archive only, not the source. Who acted is what the application said in the"
                    + " transaction with tidemark.set_context (docs/actors.md): a claim, beside which"
                    + " stands the role that the session had logged in as."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark tx xid:4711",
            "  tidemark tx 0/1A2B3C8",
            "  tidemark tx 2026-11-20T14:03:07Z --json"
        })
final class TxCommand implements TidemarkCommand {
    @Parameters(
            paramLabel = "MOMENT",
            description =
                    "xid:N, the position of its end, or a time: the last transaction up to then.")
    String moment = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Show at most this many; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1000")
    int limit;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        Target target = new Target(context.moment(moment, parts.configuration()), false);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("tx")) {
            TransactionView view =
                    new TransactionHistory(
                                    archive,
                                    temporary.path(),
                                    parts.claims(archive),
                                    parts.users(archive, temporary.path()))
                            .at(target, Math.toIntExact(Math.min(limit, CHANGES_MAX)));
            if (isJson) {
                context.printJson(view);
            } else {
                context.out()
                        .printf(
                                "transaction %d at %s, committed %s%n",
                                view.transaction().xid(),
                                view.transaction().position(),
                                view.transaction().commitTime());
                ContextLines.print(context, view);
                if (view.total() > 0) {
                    RowVersions.print(context, view.changes());
                }
                context.out().printf("%d of %d changes%n", view.changes().size(), view.total());
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    static final long CHANGES_MAX =
            1_000_000; // more than anybody reads, and they are kept in memory
}
