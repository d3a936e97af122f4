package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gives the objects of a rebuilt database their owners and rights. For one thread at a time. */
final class RightsRun {
    private final Catalog catalog;
    private final Set<RightsPart> parts;
    private final SchemaRun run;
    private final RestoreProgress progress;
    private final Set<String> early = new HashSet<>();
    private List<String> last = List.of();

    RightsRun(Catalog catalog, Set<RightsPart> parts, SchemaRun run, RestoreProgress progress) {
        this.catalog = catalog;
        this.parts = Set.copyOf(parts);
        this.run = run;
        this.progress = progress;
    }

    /**
     * Sets the row security of tables ahead of all else, for who may take it away again before the
     * rights come. Until it is forced, which it is not yet, an owner sees all rows.
     */
    void enableRowSecurity(Connection connection) throws SQLException {
        for (String statement : TableDetails.rowSecurity(catalog)) {
            run.run(connection, statement);
            early.add(statement);
        }
    }

    /** After this the rights are there, but for those that wait for the event triggers. */
    void run(Connection connection) throws SQLException {
        RightsPlan plan = RightsPlan.of(catalog, TargetRoles.read(connection), parts);
        plan.warnings().forEach(run::warn);
        plan.leftOut().forEach(run::leaveOut);
        int total = plan.statements().size();
        int done = 0;
        for (String statement : plan.statements()) {
            progress.at(RestorePhase.RIGHTS, done++, total);
            if (!early.contains(statement)) {
                run.run(connection, statement);
            }
        }
        last = plan.last();
        progress.at(RestorePhase.RIGHTS, total, total);
    }

    /** Statements that come after all others. */
    List<String> last() {
        return last;
    }
}
