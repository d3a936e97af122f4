package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a user needs for a switch, asked while everybody is still at work: in the downtime it would
 * be late. Changes nothing. For one thread.
 */
final class SwitchRights {
    private static final String OWNED_BY_OTHERS =
            "SELECT 'does not own ' || datname FROM pg_database WHERE datname = ? AND NOT pg_has_role(datdba, 'USAGE')";

    private static final String LACKS_CREATEDB =
            "SELECT 'lacks CREATEDB, by which databases are renamed' FROM pg_roles WHERE rolname = current_user"
                    + " AND NOT rolcreatedb AND NOT rolsuper AND ? <> ''";

    private final ServerDatabases databases;
    private final Database target;
    private final SwitchNames names;

    SwitchRights(ServerDatabases databases, Database target, SwitchNames names) {
        this.databases = databases;
        this.target = target;
        this.names = names;
    }

    /**
     * @throws TidemarkException (refused) when something is lacking, and says all of it
     */
    void require(List<String> slots, DatabaseUsers users) throws SQLException {
        List<String> lacks = new ArrayList<>();
        lacks.addAll(databases.texts(OWNED_BY_OTHERS, names.name()));
        lacks.addAll(databases.texts(OWNED_BY_OTHERS, names.comes()));
        lacks.addAll(databases.texts(LACKS_CREATEDB, names.name()));
        if (!slots.isEmpty() && !new SwitchSlots(databases).mayBeDropped()) {
            lacks.add(
                    "lacks REPLICATION, without which the slot %s cannot be dropped"
                            .formatted(String.join(", ", slots)));
        }
        users.outOfReach(names.name()).stream()
                .map("may not end capture's sessions of "::concat)
                .forEach(lacks::add);
        if (!lacks.isEmpty()) {
            throw TidemarkException.refused(
                    "cannot switch %s: the user %s".formatted(target, String.join(", and ", lacks)),
                    "Let a user do it who owns both databases and has CREATEDB, with a capture REPLICATION and"
                            + " pg_signal_backend too, or a superuser. Nothing was changed.");
        }
    }

    /**
     * Gives the one that comes the other's settings, and takes them back.
     *
     * @throws TidemarkException (refused) when the user may not give one
     */
    void tryOut(List<DatabaseSettings.Copied> settings) throws SQLException {
        for (DatabaseSettings.Copied setting : settings) {
            try {
                databases.tryOut(setting.statement());
            } catch (SQLException e) {
                if (!SqlStates.isDeclined(e)) {
                    throw e;
                }
                throw TidemarkException.refused(
                        "cannot switch %s: %s cannot have its %s: %s"
                                .formatted(
                                        target, names.comes(), setting.what(), SqlStates.reason(e)),
                        "Let a user do it who may: settings of a role need CREATEROLE, some settings a superuser. Or take"
                                + " it from %s first. Nothing was changed.".formatted(names.name()),
                        e);
            }
        }
    }
}
