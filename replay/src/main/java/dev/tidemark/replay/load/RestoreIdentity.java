package dev.tidemark.replay.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.content.Content;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that decides on what a restore brings back, as one text: two restores of one identity give
 * the same database, whichever files of the archive they read and whatever their speed.
 */
final class RestoreIdentity {
    /** What a run notes for the next; another form is not gone on with. */
    private static final String NOTES = "notes 3";

    /** Of a run that no other goes on with; all that others are is said by their other parts. */
    private static final String ONCE = "once";

    private RestoreIdentity() {}

    static String of(RestorePlan plan, Content content, RestoreOptions options) {
        List<String> parts =
                Stream.of(
                                Stream.of(NOTES, plan.cut().position().toString()),
                                options.isGoneOnWith() ? Stream.<String>empty() : Stream.of(ONCE),
                                options.deciding().stream().sorted(),
                                options.rights().stream().map(RightsPart::name).sorted(),
                                content.tables().stream()
                                        .map(TableRows::table)
                                        .map(Table::reference)
                                        .sorted(),
                                content.withoutRows().stream().map(Table::reference).sorted(),
                                Stream.of(
                                        new String(
                                                CanonicalJson.write(lasting(content.catalog())),
                                                UTF_8)))
                        .flatMap(part -> Stream.concat(part, Stream.of("")))
                        .toList();
        return Finished.digest(String.join("\n", parts));
    }

    /**
     * Without where sequences stand: that is from a sample after the cut, of which there may be
     * none yet or an older one while the source goes on. Setting them again is soon done.
     */
    private static Catalog lasting(Catalog catalog) {
        return new Catalog(
                catalog.server(),
                catalog.tables(),
                catalog.objects().stream()
                        .map(
                                object ->
                                        object.sequence()
                                                .map(state -> state.at(0, false))
                                                .map(object::withSequence)
                                                .orElse(object))
                        .toList());
    }
}
