package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Can a database take a restore? Only reads. Everything that is wrong is said at once; what a
 * restore can live with is noted. For one thread.
 */
public final class TargetCheck {
    /** Older servers lack what the statements of a catalog use. */
    private static final int MAJOR_MIN = 14;

    private static final int VERSIONS_PER_MAJOR = 10_000; // server_version_num is 180006 for 18.6

    /** Before the version of an extension: an older one will do. */
    private static final String OR_OLDER = "<=";

    private record Problem(String message, String hint) {}

    private final Connection connection;
    private final Catalog catalog;
    private final ServerSettings source;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private TargetCheck(Connection connection, Catalog catalog) {
        this.connection = connection;
        this.catalog = catalog;
        this.source = catalog.server();
    }

    /**
     * Looks at a database that is to be filled.
     *
     * @return what a restore can live with
     * @throws TidemarkException (refused) naming all that it cannot live with
     */
    public static List<String> ofDatabase(Database target, Catalog catalog) {
        refuseWhereOneIsAtWork(target);
        return ofLockedDatabase(target, catalog);
    }

    /** Who comes while another restore is at work is not to think that it broke off. */
    private static void refuseWhereOneIsAtWork(Database target) {
        try (Connection connection = target.connect()) {
            RestoreLock.refuseIfTaken(target, connection);
        } catch (SQLException e) {
            throw unreadable(target, e);
        }
    }

    /** The same for who has the lock of restores. */
    static List<String> ofLockedDatabase(Database target, Catalog catalog) {
        try (Connection connection = target.connect()) {
            Optional<RestoreMark> mark = RestoreMark.find(connection);
            if (mark.isPresent()) {
                throw mark.get().refusal(target);
            }
            TargetCheck check = new TargetCheck(connection, catalog);
            check.server();
            check.encoding();
            check.empty();
            check.rights();
            check.locale();
            return check.notes(target);
        } catch (SQLException e) {
            throw unreadable(target, e);
        }
    }

    /**
     * Looks at a database that a part is to be brought into, beside what is there.
     *
     * @return what it can live with
     * @throws TidemarkException (refused) naming all that it cannot live with
     */
    public static List<String> ofOthersDatabase(Database target, Catalog part) {
        try (Connection connection = target.connect()) {
            Optional<RestoreMark> mark = RestoreMark.find(connection);
            if (mark.isPresent()) {
                RestoreLock.refuseIfTaken(target, connection);
                throw mark.get().refusal(target);
            }
        } catch (SQLException e) {
            throw unreadable(target, e);
        }
        return ofUnfinished(target, withOlderExtensions(part)); // what is there is used as it is
    }

    /**
     * Looks at a database in which a restore is to go on.
     *
     * @throws TidemarkException (refused) naming all that it cannot live with
     */
    static List<String> ofUnfinished(Database target, Catalog catalog) {
        try (Connection connection = target.connect()) {
            TargetCheck check = new TargetCheck(connection, catalog);
            check.server();
            check.encoding();
            check.locale();
            return check.notes(target);
        } catch (SQLException e) {
            throw unreadable(target, e);
        }
    }

    /** Does a database hold what a restore began to fill it with, and no more? */
    public static boolean isUnfinished(Database target) {
        try (Connection connection = target.connect()) {
            return RestoreMark.find(connection).isPresent();
        } catch (SQLException e) {
            throw unreadable(target, e);
        }
    }

    /** Looks at a server on which the database is to be made: what does not depend on it. */
    static void ofServer(Database maintenance, Connection connection, Catalog catalog)
            throws SQLException {
        TargetCheck check = new TargetCheck(connection, catalog);
        check.server();
        check.notes(maintenance);
    }

    static TidemarkException unreadable(Database target, SQLException e) {
        return TidemarkException.failed(
                "cannot look at %s: %s".formatted(target, SqlStates.reason(e)),
                "Look into the server's log.",
                e);
    }

    private List<String> notes(Database target) {
        if (problems.isEmpty()) {
            return List.copyOf(notes);
        }
        Set<String> hints = new LinkedHashSet<>();
        problems.forEach(problem -> hints.add(problem.hint()));
        throw TidemarkException.refused(
                problems.stream()
                        .map(Problem::message)
                        .collect(
                                Collectors.joining(
                                        "; ", target + " cannot take the restore: ", "")),
                String.join(" ", hints));
    }

    private void server() throws SQLException {
        int ours = text("SHOW server_version_num").map(Integer::parseInt).orElseThrow();
        int major = ours / VERSIONS_PER_MAJOR;
        int sourceMajor = source.version() / VERSIONS_PER_MAJOR;
        int least = Math.max(MAJOR_MIN, sourceMajor);
        if (major < least) {
            problem(
                    "the server is PostgreSQL %d, and the source was %d"
                            .formatted(major, sourceMajor),
                    "Restore into a server of version " + least + " or later.");
        } else if (major > sourceMajor) {
            notes.add(
                    "the server is PostgreSQL %d, and the source was %d"
                            .formatted(major, sourceMajor));
        }
        extensions();
    }

    private void extensions() throws SQLException {
        for (Map.Entry<String, String> extension : source.extensions().entrySet()) {
            Optional<String> version =
                    text(
                            "SELECT default_version FROM pg_available_extensions WHERE name = "
                                    + Quoted.text(extension.getKey()));
            if (version.isEmpty()) {
                problem(
                        "the extension " + extension.getKey() + " is not available",
                        "Install the extension's package on the server.");
            } else {
                extension(extension.getKey(), version.get(), extension.getValue());
            }
        }
    }

    private void extension(String name, String ours, String wanted) throws SQLException {
        boolean mayBeOlder = wanted.startsWith(OR_OLDER);
        String theirs = mayBeOlder ? wanted.substring(OR_OLDER.length()) : wanted;
        if (ours.equals(theirs)) {
            return;
        }
        String difference =
                "the extension %s has version %s here, and the source had %s"
                        .formatted(name, ours, theirs);
        if (!mayBeOlder && isOlder(name, ours, theirs)) {
            problem(
                    difference,
                    "Install the package of that version or a newer one on the server, or give"
                            + " --allow-older-extensions if what the older one lacks is not used.");
        } else {
            notes.add(difference);
        }
    }

    /** Versions are texts: where they are not numbers, only the extension's own updates tell. */
    private boolean isOlder(String extension, String ours, String theirs) throws SQLException {
        OptionalInt compared = DottedVersion.compare(ours, theirs);
        return compared.isPresent()
                ? compared.getAsInt() < 0
                : !texts(
                                "SELECT path FROM pg_extension_update_paths(%s) WHERE source = %s AND target = %s AND path IS NOT NULL"
                                        .formatted(
                                                Quoted.text(extension),
                                                Quoted.text(ours),
                                                Quoted.text(theirs)))
                        .isEmpty();
    }

    /** The same catalog, in whose stead a server with older extensions is taken too. */
    public static Catalog withOlderExtensions(Catalog catalog) {
        ServerSettings server = catalog.server();
        Map<String, String> extensions = new TreeMap<>(server.extensions());
        extensions.replaceAll(
                (name, version) -> version.startsWith(OR_OLDER) ? version : OR_OLDER + version);
        return new Catalog(server.withExtensions(extensions), catalog.tables(), catalog.objects());
    }

    private void encoding() throws SQLException {
        String ours = text("SHOW server_encoding").orElseThrow();
        if (!ours.equals(source.encoding())) {
            problem(
                    "its encoding is %s, and the source's was %s"
                            .formatted(ours, source.encoding()),
                    "Create it with TEMPLATE template0 ENCODING '%s', or let --replace --confirm do that."
                            .formatted(source.encoding()));
        }
    }

    private void empty() throws SQLException {
        TargetContents there = TargetContents.read(connection);
        if (!there.isEmpty()) {
            problem(
                    "it is not empty, but holds " + there,
                    "Choose an empty database, or drop this one's contents with --replace --confirm.");
        }
    }

    private void rights() throws SQLException {
        String hint = "Let the database's owner or a superuser restore, or grant the right.";
        if (!isTrue("SELECT has_database_privilege(current_database(), 'CREATE')")) {
            problem("the user may not create schemas in it", hint);
        }
        boolean fillsPublic =
                catalog.tables().stream()
                        .filter(table -> table.extension().isEmpty())
                        .anyMatch(table -> table.schema().equals("public"));
        if (fillsPublic
                && !isTrue(
                        "SELECT coalesce(has_schema_privilege(to_regnamespace('public')::oid,"
                                + " 'CREATE'), true)")) {
            problem("the user may not create tables in its schema public", hint);
        }
    }

    private void locale() throws SQLException {
        String query =
                "SELECT to_jsonb(d) ->> '%s' FROM pg_database d WHERE datname = current_database()";
        String collation = text(query.formatted("datcollate")).orElse("");
        String ctype = text(query.formatted("datctype")).orElse("");
        noteOther("lc_collate", collation, source.collation());
        noteOther("lc_ctype", ctype, source.ctype());
        String provider = text(query.formatted("datlocprovider")).orElse("c");
        noteOther("locale provider", provider, source.localeProvider());
        Optional<String> version = text(query.formatted("datcollversion"));
        if (version.isPresent()
                && source.collationVersion().isPresent()
                && !version.equals(source.collationVersion())) {
            noteOther("collation version", version.get(), source.collationVersion().get());
        }
    }

    private void noteOther(String what, String ours, String theirs) {
        if (!normal(ours).equals(normal(theirs))) {
            notes.add(
                    "the database's %s is %s, and the source's was %s: text may sort in another order"
                            .formatted(what, ours, theirs));
        }
    }

    /** {@code en_US.utf8} and {@code en_US.UTF-8} are one locale. */
    private static String normal(String locale) {
        return locale.toLowerCase(Locale.ROOT).replace("utf-8", "utf8");
    }

    private void problem(String message, String hint) {
        problems.add(new Problem(message, hint));
    }

    private boolean isTrue(String query) throws SQLException {
        return text(query).orElseThrow().equals("t");
    }

    private Optional<String> text(String query) throws SQLException {
        return texts(query).stream().findFirst();
    }

    private List<String> texts(String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                String text = rows.getString(1);
                if (Objects.nonNull(text)) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }
}
