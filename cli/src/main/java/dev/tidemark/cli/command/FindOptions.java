package dev.tidemark.cli.command;

import dev.tidemark.cli.config.Configuration;
import dev.tidemark.replay.search.ChangeKind;
import dev.tidemark.replay.search.SearchRequest;
import dev.tidemark.schemas.TidemarkException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which changes are looked for. */
final class FindOptions {
    @Mixin FieldOptions fields = new FieldOptions();

    @Option(
            names = "--operation",
            paramLabel = "WHAT",
            split = ",",
            description =
                    "insert, update, delete (also soft deletes by the profile, and truncate), soft-delete, undelete, truncate; several with commas.")
    List<String> operations = List.of();

    @Option(
            names = "--actor",
            paramLabel = "NAME",
            description = "Who made the change, said by the application or claimed by the row.")
    String actor = "";

    @Mixin WindowOptions window = new WindowOptions();

    /**
     * The request.
     *
     * @throws TidemarkException (usage) when the options do not go together
     */
    SearchRequest request(CommandContext context, Configuration configuration, String table) {
        Set<ChangeKind> kinds = new HashSet<>();
        operations.forEach(one -> kinds.addAll(OperationNames.kinds(one)));
        return new SearchRequest(
                Optional.of(table).filter(name -> !name.isEmpty()),
                fields.question(),
                kinds,
                Optional.of(actor).filter(name -> !name.isEmpty()),
                window.since(context, configuration),
                window.until(context, configuration),
                window.limit);
    }
}
