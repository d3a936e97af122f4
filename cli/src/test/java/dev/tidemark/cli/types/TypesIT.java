package dev.tidemark.cli.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.FidelityDoc;
import dev.tidemark.cli.differential.Difference;
import dev.tidemark.cli.differential.Servers;
import dev.tidemark.cli.differential.Site;
import dev.tidemark.cli.differential.Truth;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every type, through the base, the stream and values that the stream leaves out. */
final class TypesIT {
    @TempDir private Path directory;

    static List<Release> releases() {
        return Release.underTest();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void everyValueOfEveryTypeIsTheSourcesOwnText(Release release) throws Exception {
        try (Servers servers = Servers.start(directory, release.binaries());
                Site site = Site.create(servers, "types")) {
            assertThat(typesOfTheServer(site.source()))
                    .as("types without a line in docs/fidelity.md")
                    .isSubsetOf(FidelityDoc.types().keySet());
            TypeHistory history = TypeHistory.of(release, TypeHistory.ALL);
            history.beforeInit(site.source());
            site.protect();
            history.afterInit(site.source());
            Truth truth = Truth.read(site.source(), Set.of());
            servers.execute("types", "SELECT tidemark.heartbeat()");
            site.awaitArchived(truth.position());
            site.stop();

            Database restored = site.restore(truth.position(), 1);

            assertThat(withoutValuesOutside(site.source())).isEmpty();
            assertThat(Difference.between(truth.image(), TypeHistory.image(restored, Set.of())))
                    .isEmpty();
        }
    }

    /** All that a column can have but arrays, which the document has one line for. */
    private static List<String> typesOfTheServer(Database source) throws SQLException {
        return column(
                source,
                """
                SELECT format_type(oid, NULL) FROM pg_type
                 WHERE typtype IN ('b', 'r', 'm') AND typcategory <> 'A' AND typnamespace = 'pg_catalog'::regnamespace""");
    }

    /** Tables that would not show what becomes of values that the stream leaves out. */
    private static List<String> withoutValuesOutside(Database source) throws SQLException {
        return column(
                source,
                """
                SELECT relname FROM pg_class
                 WHERE relname LIKE '% key' AND relkind = 'r' AND relnamespace = 'types'::regnamespace
                   AND pg_relation_size(reltoastrelid) = 0""");
    }

    private static List<String> column(Database source, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }
}
