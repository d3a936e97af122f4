package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import java.util.List;
import java.util.Set;

/**
 * The statements that give the tables of a rebuilt database their row security, and its objects
 * their owners and rights, as far as the target's roles allow. They run after everything else, in
 * one session and one after the other.
 *
 * @param statements what can be done before the event triggers are there
 * @param last what event triggers themselves need, and what takes away again what only the restore
 *     needed
 * @param leftOut rights that this server does not have, with the reason
 * @param warnings a line for each role that cannot have what it had
 */
public record RightsPlan(
        List<String> statements, List<String> last, List<String> leftOut, List<String> warnings) {
    public RightsPlan {
        statements = List.copyOf(statements);
        last = List.copyOf(last);
        leftOut = List.copyOf(leftOut);
        warnings = List.copyOf(warnings);
    }

    public static RightsPlan of(Catalog catalog, TargetRoles roles, Set<RightsPart> parts) {
        return new RightsPlanner(catalog, roles, parts).plan();
    }
}
