package dev.tidemark.cli.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.difference.Difference;
import dev.tidemark.replay.difference.DifferenceRequest;
import dev.tidemark.replay.difference.DifferenceRequest.Scope;
import dev.tidemark.replay.difference.MomentDifference;
import dev.tidemark.replay.difference.Patch;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A source that was changed, what it was before, and patches from the one to the other.
 *
 * @param archive with both moments
 * @param target as the source was at the first
 */
record PatchedSource(HandmadeArchive archive, Database target) {
    static final Target EARLIER = at(1000);
    static final Target LATER = at(2000);

    private static Target at(long position) {
        return new Target(new Moment.AtPosition(new Position(position)), false);
    }

    static PatchedSource of(RestoreServer server, Database source, String schema, String changes)
            throws SQLException, IOException, LostRaceException {
        RestoreServer.run(source, List.of("CREATE SCHEMA crm", schema));
        HandmadeArchive archive = SampleSource.archive(server, source, source.url().database());
        Database target = copy(server, source);
        Map<Long, List<List<Value>>> before = SampleSource.baseRows(source);
        RestoreServer.run(source, List.of(changes));
        archive.segment(changes(RestoreServer.read(source), before, SampleSource.baseRows(source)));
        return new PatchedSource(archive, target);
    }

    /** From the first moment to the second. */
    String patch(Path directory, String... tables) throws IOException {
        return patch(archive, directory, EARLIER, LATER, tables);
    }

    static String patch(
            HandmadeArchive archive, Path directory, Target from, Target to, String... tables)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Patch patch = new Patch(Files.createTempDirectory(directory, "patch"))) {
            Difference difference =
                    new MomentDifference(
                                    archive.archive(),
                                    directory,
                                    Profile.none(archive.foldLatest().base()),
                                    read -> {})
                            .into(patch)
                            .between(
                                    from, to, new DifferenceRequest(List.of(tables), Scope.NET, 0));
            patch.write(out, difference);
        }
        return out.toString(UTF_8);
    }

    static Database copy(RestoreServer server, Database source) throws SQLException {
        Database copy = server.missingDatabase();
        RestoreServer.run(
                server.database("postgres"),
                List.of(
                        "CREATE DATABASE %s TEMPLATE %s"
                                .formatted(copy.url().database(), source.url().database())));
        return copy;
    }

    /** Every row goes and comes: what differs in the end is for the comparison to find. */
    static List<Change> changes(
            Catalog catalog,
            Map<Long, List<List<Value>>> before,
            Map<Long, List<List<Value>>> after) {
        List<Change> changes = new ArrayList<>();
        for (Table table : catalog.tables().stream().filter(Table::holdsRows).toList()) {
            before.get(table.id())
                    .forEach(row -> changes.add(SampleSource.delete(table.id(), row)));
            after.get(table.id())
                    .forEach(row -> changes.add(SampleSource.insert(1, table.id(), row)));
        }
        return changes;
    }

    /** Of each table of the schema crm. */
    static Map<String, List<String>> rows(Database database) throws SQLException {
        Map<String, List<String>> rows = new TreeMap<>();
        try (Connection connection = database.connect()) {
            List<String> tables =
                    RestoreServer.rows(
                            connection,
                            "SELECT c.oid::regclass FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'crm'::regnamespace");
            for (String table : tables) {
                String name = table.substring(1, table.length() - 1);
                rows.put(
                        name,
                        RestoreServer.rows(
                                connection, "SELECT t::text FROM %s t ORDER BY 1".formatted(name)));
            }
        }
        return rows;
    }
}
