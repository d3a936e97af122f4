package dev.tidemark.cli.command;

import dev.tidemark.replay.load.DatabaseSwitch;
import dev.tidemark.replay.load.DatabaseSwitch.Direction;
import dev.tidemark.replay.load.DatabaseSwitch.Others;
import dev.tidemark.replay.load.DatabaseSwitch.Switched;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark switch}. */
@Command(
        name = "switch",
        header = "Put a database that was restored beside the live one in its place.",
        description = {
            "%nAfter 'tidemark restore --replace --confirm' into a database that is in use, the restored one stands beside"
                    + " it. This gives it the live one's name, settings and rights of connection, in one transaction of"
                    + " some milliseconds, and keeps the other under another name; --back changes them again.",
            "%nStop the application first. A capture of the database is waited for until it has passed on everything, and"
                    + " its slot is dropped: it goes on with 'tidemark base --from-source --confirm'. Only Tidemark's own capture is"
                    + " ended without --end-sessions; other commands of Tidemark, and other programs, are named.",
            "%nRights are asked for and settings tried out before anything is ended, also without --confirm. A run that was killed is gone on with by"
                    + " the same command. Settings that only the restored one has stay; with --back each keeps its own.",
            "The password of URL comes from TIDEMARK_TARGET_PASSWORD or ~/.pgpass."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark switch --on postgresql://me@production:5432/crm --confirm",
            "  tidemark switch --on postgresql://me@production:5432/crm --back --confirm --end-sessions"
        })
final class SwitchCommand implements TidemarkCommand {
    @Option(
            names = "--on",
            paramLabel = "URL",
            required = true,
            description = "The live database: postgresql://user@host:5432/database.")
    Optional<DatabaseUrl> on = Optional.empty();

    @Option(
            names = "--back",
            description = "Put the database in its place again that the last switch replaced.")
    boolean isBack;

    @Option(
            names = "--end-sessions",
            description = "End sessions that are connected; they make it refuse otherwise.")
    boolean isEnding;

    @Option(
            names = "--confirm",
            description = "Do it; without this, it only looks whether it could.")
    boolean isConfirmed;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    /**
     * As programs read it.
     *
     * @param target the database's address, behind which another database is now
     * @param former what the one is called that was there
     * @param captured up to where capture had passed on the former one's changes
     * @param ownSettings settings and rights that only the one there now has
     */
    private record SwitchView(
            DatabaseUrl target,
            String former,
            List<String> slots,
            Optional<String> captured,
            List<String> ownSettings) {}

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Database target = context.databases().target(on.orElseThrow());
        Direction direction = isBack ? Direction.BACK : Direction.TO_RESTORED;
        if (!isConfirmed) {
            DatabaseSwitch.check(target, direction);
            throw TidemarkException.usage(
                    "switch renames %s and the database beside it".formatted(target.url()),
                    "Both are ready, and the user has the rights. Add --confirm when the application is stopped.");
        }
        Switched done =
                DatabaseSwitch.run(target, direction, isEnding ? Others.ENDED : Others.REFUSED);
        if (isJson) {
            context.printJson(
                    new SwitchView(
                            target.url(),
                            done.former(),
                            done.slots(),
                            done.captured(),
                            done.ownSettings()));
        } else {
            print(context, done);
        }
        return ExitCode.DONE;
    }

    private void print(CommandContext context, Switched done) {
        context.out()
                .printf(
                        "%s is now %s; what it was before is %s.%n",
                        done.place().url(),
                        isBack ? "what it was before the last switch" : "the restored database",
                        done.former());
        if (!done.slots().isEmpty()) {
            String slots = String.join(", ", done.slots());
            context.out()
                    .println(
                            done.captured()
                                    .map(
                                            end ->
                                                    "Capture had passed on all up to %s; its slot %s is dropped."
                                                            .formatted(end, slots))
                                    .orElse(
                                            "An earlier run changed the names; capture's slot %s is dropped now."
                                                    .formatted(slots)));
        }
        if (!done.ownSettings().isEmpty()) {
            context.out()
                    .println(
                            "Only the restored one had, and keeps: "
                                    + String.join(", ", done.ownSettings()));
        }
        if (!done.slots().isEmpty()) {
            context.out()
                    .println(
                            "Now:  tidemark base --from-source --confirm   # records the switch, and takes a base");
            context.out().println("      then start capture, and then the application.");
        }
        context.out()
                .printf(
                        "Back: tidemark switch --on %s%s --confirm%n",
                        done.place().url(), isBack ? "" : " --back");
    }
}
