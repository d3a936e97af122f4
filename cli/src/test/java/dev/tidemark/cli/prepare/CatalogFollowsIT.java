package dev.tidemark.cli.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A catalog that follows the messages in the log is, after commands of all kinds, what a reading of
 * the whole catalog says.
 */
final class CatalogFollowsIT {
    /** No event trigger tells of these: commands on event triggers, and the last use of a role. */
    private static final Set<String> UNTOLD = Set.of("event trigger", "role");

    /**
     * To read a whole catalog takes longer than the command, so that it is done after each few; in
     * 'make types' after each.
     */
    private static final int EVERY = Integer.getInteger("catalog.every", 10);

    @TempDir private static Path directory;
    private static Sources sources;

    @BeforeAll
    static void start() {
        sources = new Sources(directory);
    }

    @AfterAll
    static void stop() {
        sources.close();
    }

    @ParameterizedTest
    @EnumSource(value = Version.class, names = "NEWEST")
    void aRichSchemaIsFollowedWhileItIsMade(Version version) throws SQLException, IOException {
        assertMakingIsFollowed(version);
    }

    /** Of every kind, SchemaMessagesIT and the changes below show it there already. */
    @Tag("long")
    @ParameterizedTest
    @EnumSource(value = Version.class, names = "OLDEST")
    void aRichSchemaIsFollowedWhileItIsMadeOnTheOldestToo(Version version)
            throws SQLException, IOException {
        assertMakingIsFollowed(version);
    }

    private static void assertMakingIsFollowed(Version version) throws SQLException, IOException {
        assertFollowed(
                version,
                List.of(),
                List.of("catalog.sql", "catalog-rare.sql", "catalog-publications.sql"));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aRichSchemaIsFollowedWhileItIsChanged(Version version) throws SQLException, IOException {
        assertFollowed(
                version,
                List.of("catalog.sql", "catalog-publications.sql"),
                List.of("catalog-changes-publications.sql", "catalog-changes.sql"));
    }

    @ParameterizedTest
    @EnumSource(value = Version.class, names = "NEWEST")
    void whatPostgres18BroughtIsFollowed(Version version) throws SQLException, IOException {
        assertFollowed(
                version,
                List.of("catalog.sql"),
                List.of("catalog-18.sql", "catalog-changes-18.sql"));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void whatNoEventTriggerTellsOfIsFollowedByALook(Version version)
            throws SQLException, IOException {
        Database source = sources.database(version);
        SourceNames names = SourceNames.of(source.url().database());
        try (Connection user = simple(source);
                Connection reader = source.connect()) {
            for (String command : commands(List.of("catalog.sql"))) {
                execute(user, command);
            }
            execute(user, "SET search_path = public");
            execute(user, "CREATE TABLE doomed (id int PRIMARY KEY)");
            Preparation.run(source, names, "capture", Optional.empty(), 1 << 20);
            try (LogMessages log = new LogMessages(source, names.publication())) {
                CatalogState state = new CatalogState(read(reader));
                assertThat(look(user, true)).isTrue();
                follow(log, state);
                assertThat(differences(state.catalog(), read(reader), Set.of())).isEmpty();

                execute(user, "ALTER EVENT TRIGGER tidemark_ddl DISABLE");
                execute(user, "ALTER EVENT TRIGGER tidemark_drop DISABLE");
                execute(user, "CREATE TABLE unseen (id int PRIMARY KEY, v text)");
                execute(user, "CREATE INDEX ON unseen (v)");
                execute(user, "ALTER TABLE app.hen RENAME egg TO ovum");
                execute(user, "ALTER TABLE app.bag ADD CONSTRAINT positive CHECK (a > 0)");
                execute(user, "DROP INDEX app.\"Ein Index\"");
                execute(user, "DROP TABLE doomed");
                execute(user, "DROP EVENT TRIGGER \"my trigger\"");
                execute(user, "CLUSTER app.late_key USING late_key_pkey");
                execute(user, "ALTER EVENT TRIGGER tidemark_ddl ENABLE ALWAYS");
                execute(user, "ALTER EVENT TRIGGER tidemark_drop ENABLE ALWAYS");
                assertThat(look(user, false)).isTrue();

                follow(log, state);
                assertThat(differences(state.catalog(), read(reader), Set.of())).isEmpty();
                assertThat(look(user, false)).isTrue();
                assertThat(log.next())
                        .as("a look that finds nothing new")
                        .extracting(LogMessages.Message::prefix)
                        .containsExactly("tidemark.look");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aLookWaitsForSchemaCommandsUnderWay(Version version) throws SQLException, IOException {
        Database source = sources.database(version);
        SourceNames names = SourceNames.of(source.url().database());
        Preparation.run(source, names, "capture", Optional.empty(), 1 << 20);
        try (Connection user = source.connect();
                Connection looking = source.connect()) {
            user.setAutoCommit(false);
            execute(user, "CREATE TABLE public.a (id int PRIMARY KEY)");
            assertThat(look(looking, true)).isFalse();
            user.commit();
            assertThat(look(looking, true)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void rowsThatALookCannotTellAreNotKnownUntilTheNext(Version version)
            throws SQLException, IOException {
        Database source = sources.database(version);
        SourceNames names = SourceNames.of(source.url().database());
        Sources.execute(source, "CREATE TABLE a (id int PRIMARY KEY)");
        Preparation.run(source, names, "capture", Optional.empty(), 1 << 20);
        try (Connection writer = source.connect();
                Connection looking = source.connect();
                LogMessages log = new LogMessages(source, names.publication())) {
            CatalogState state = new CatalogState(read(looking));
            execute(looking, "ALTER EVENT TRIGGER tidemark_ddl DISABLE");
            execute(looking, "ALTER TABLE public.a ADD v text");
            execute(looking, "ALTER EVENT TRIGGER tidemark_ddl ENABLE ALWAYS");
            writer.setAutoCommit(false);
            execute(writer, "INSERT INTO public.a VALUES (1, 'x')");

            assertThat(look(looking, false)).isTrue();
            follow(log, state);
            assertThat(state.catalog().tables()).allMatch(Table::rewritten);

            writer.commit();
            assertThat(look(looking, false)).isTrue();
            follow(log, state);
            assertThat(state.catalog().tables()).isNotEmpty().noneMatch(Table::rewritten);
        }
    }

    private static boolean look(Connection connection, boolean isToldAnyway) throws SQLException {
        return Sources.ask(connection, "SELECT tidemark.look(" + isToldAnyway + ")")
                .equals(List.of("t"));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void ownersAndRightsAreFollowed(Version version) throws SQLException, IOException {
        assertFollowed(version, List.of("catalog.sql"), List.of("catalog-rights.sql"));
    }

    private static void assertFollowed(Version version, List<String> before, List<String> scripts)
            throws SQLException, IOException {
        Database source = sources.database(version);
        SourceNames names = SourceNames.of(source.url().database());
        try (Connection user = simple(source);
                Connection reader = source.connect()) {
            for (String command : commands(before)) {
                execute(user, command);
            }
            Preparation.run(source, names, "capture", Optional.empty(), 1 << 20);
            List<String> differences = new ArrayList<>();
            try (LogMessages log = new LogMessages(source, names.publication())) {
                CatalogState state = new CatalogState(read(reader));
                List<String> all = commands(scripts);
                for (int i = 0; i < all.size(); i++) {
                    String command = all.get(i);
                    execute(user, command);
                    if ((i + 1) % EVERY != 0 && i + 1 < all.size()) {
                        continue;
                    }
                    follow(log, state); // which has the server decode its log from the beginning
                    Catalog now = read(reader);
                    List<String> wrong = differences(state.catalog(), now, UNTOLD);
                    if (!wrong.isEmpty()) {
                        differences.add("up to " + command + "\n  " + String.join("\n  ", wrong));
                        state = new CatalogState(now);
                    }
                }
            }
            assertThat(differences).isEmpty();
        }
    }

    private static void follow(LogMessages log, CatalogState state) throws SQLException {
        for (LogMessages.Message message : log.next()) {
            assertThat(message.prefix()).as(message.content()).isNotEqualTo("tidemark.dirty");
            if (message.prefix().equals("tidemark.schema")) {
                state.apply(CatalogChange.read(message.content()));
            }
        }
    }

    private static List<String> differences(Catalog followed, Catalog now, Set<String> without) {
        TreeSet<String> missing = new TreeSet<>(lines(now, without));
        TreeSet<String> surplus = new TreeSet<>(lines(followed, without));
        TreeSet<String> both = new TreeSet<>(missing);
        both.retainAll(surplus);
        missing.removeAll(both);
        surplus.removeAll(both);
        List<String> wrong = new ArrayList<>();
        surplus.forEach(line -> wrong.add("said " + line));
        missing.forEach(line -> wrong.add("is   " + line));
        return wrong;
    }

    /** Where sequences stand is left out: that has samples of its own. */
    private static List<String> lines(Catalog catalog, Set<String> without) {
        List<String> lines = new ArrayList<>();
        for (Table table : catalog.tables()) {
            lines.add(
                    new String(CanonicalJson.write(table.withVersion(0)), UTF_8)
                            .replace("\"rewritten\":true", "\"rewritten\":false"));
        }
        for (CatalogObject object : catalog.objects()) {
            if (!without.contains(object.kind())) {
                lines.add(
                        new String(
                                CanonicalJson.write(
                                        object.sequence().isEmpty()
                                                ? object
                                                : object.withSequence(
                                                        object.sequence().get().at(0, false))),
                                UTF_8));
            }
        }
        return lines;
    }

    private static Catalog read(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Catalog catalog = CatalogReader.read(connection);
        connection.commit();
        connection.setAutoCommit(true);
        return catalog;
    }

    private static void execute(Connection connection, String command) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(command);
        } catch (SQLException e) {
            throw new SQLException(e.getMessage() + "\nin: " + command, e);
        }
    }

    /** The driver would split a statement at a semicolon within a rule or a function's body. */
    private static Connection simple(Database source) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s?preferQueryMode=simple"
                        .formatted(
                                source.url().host(), source.url().port(), source.url().database()),
                source.url().user(),
                "");
    }

    private static List<String> commands(List<String> scripts) throws IOException {
        List<String> commands = new ArrayList<>();
        for (String script : scripts) {
            try (InputStream in =
                    CatalogFollowsIT.class.getResourceAsStream("/dev/tidemark/cli/" + script)) {
                assertThat(in).as(script).isNotNull();
                commands.addAll(
                        List.of(new String(in.readAllBytes(), UTF_8).split(";\n(?=[A-Z\n])")));
            }
        }
        return commands;
    }
}
