package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.capture.prepare.InitLock;
import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.capture.prepare.SourceCheck;
import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.cli.config.SourceSettings;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Prepares the source of the configuration, without a base.
 *
 * <p>It may be repeated at any time, beside running services too, and after a failure.
 */
public final class SourcePreparation {
    private SourcePreparation() {}

    /** What was done. */
    public record Anew(Instant base, String archive, List<Problem> warnings) {}

    /**
     * Makes what is missing in a source whose archive holds a base: slot, topic and archive stay as
     * they are, and Kafka is not asked.
     *
     * @return empty when the archive holds no base; nothing was done then
     * @throws TidemarkException when the archive is of another source, or slot or publication let
     *     changes pass
     */
    public static Optional<Anew> anew(Parts parts) {
        ObjectStore store = parts.store();
        try (store) {
            Optional<Archive> archive = Archive.find(store, parts.keys());
            if (archive.isEmpty() || archive.get().state().newest().isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(anew(parts, archive.get()));
        } catch (IOException e) {
            throw Parts.unreadable(store, e);
        }
    }

    private static Anew anew(Parts parts, Archive archive) {
        Database admin = parts.admin();
        SourceSettings source = parts.configuration().neededSource();
        archive.checkIsOf(
                source.name(),
                SourceFacts.read(parts.replicating()).systemId(),
                source.url().database());
        List<Problem> problems = SourceCheck.beforeInitAnew(admin, parts.preparation());
        refuse(admin, problems);
        try (InitLock lock = InitLock.take(admin, parts.names())) {
            prepare(parts);
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot unlock the " + admin + ": " + TidemarkException.reason(e),
                    "Run 'tidemark check' to see whether all is there.",
                    e);
        }
        Manifest first = archive.state().manifests().getFirst();
        return new Anew(first.written(), archive.url(), problems);
    }

    static void prepare(Parts parts) {
        Database admin = parts.admin();
        Database source = parts.source();
        boolean isOwnRole = !source.url().user().equals(admin.url().user());
        Preparation.run(
                admin, isOwnRole ? source.password() : Optional.empty(), parts.preparation());
    }

    static void refuse(Database admin, List<Problem> problems) {
        List<Problem> errors =
                problems.stream()
                        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                        .toList();
        if (!errors.isEmpty()) {
            throw TidemarkException.refused(
                    "the %s cannot be captured: %s"
                            .formatted(
                                    admin,
                                    errors.stream()
                                            .map(Problem::what)
                                            .collect(Collectors.joining("; "))),
                    errors.stream().map(Problem::hint).distinct().collect(Collectors.joining(" ")));
        }
    }
}
