package dev.tidemark.replay.load;

import java.sql.SQLException;
import java.util.List;

/**
 * The names of a switch, and the comments by which the databases that have them are known: a run
 * that was killed left nothing else behind.
 *
 * @param name what both are to be reached by
 * @param comes what the one is called that takes the name
 * @param leaves what the one is called then that had it
 * @param ready comments, of which the one that comes must have one
 * @param left the comment of the one that left
 */
record SwitchNames(String name, String comes, String leaves, List<String> ready, String left) {
    SwitchNames {
        ready = List.copyOf(ready);
    }

    /** The restored one comes, and the other is kept. */
    static SwitchNames toRestored(String name) {
        return toRestored(name, keptMark(name));
    }

    /**
     * The restored one comes, and the other is dropped then, by the next restore if not by this.
     */
    static SwitchNames replacing(String name) {
        return toRestored(name, TargetDatabase.droppedMark(name));
    }

    private static SwitchNames toRestored(String name, String left) {
        return new SwitchNames(
                name,
                ServerDatabases.fresh(name),
                ServerDatabases.old(name),
                List.of(BesideDatabase.mark(name), takenBackMark(name)),
                left);
    }

    /** What was kept comes back. */
    static SwitchNames back(String name) {
        return new SwitchNames(
                name,
                ServerDatabases.old(name),
                ServerDatabases.fresh(name),
                List.of(keptMark(name)),
                takenBackMark(name));
    }

    /** The comment of a database whose place another one took. */
    private static String keptMark(String name) {
        return "kept by tidemark switch, was " + name;
    }

    /** That of one which was live until it went back: nobody drops it but its owner. */
    static String takenBackMark(String name) {
        return "kept by tidemark switch --back, was " + name;
    }

    /** Is the one that comes of a restore, and was never live? */
    boolean isMade(ServerDatabases databases) throws SQLException {
        return BesideDatabase.mark(name).equals(databases.comment(comes));
    }

    boolean isBack() {
        return left.equals(takenBackMark(name));
    }

    boolean isToBeDropped() {
        return left.equals(TargetDatabase.droppedMark(name));
    }

    /** Did a switch come to its names, and no other begin since? */
    boolean areThere(ServerDatabases databases) throws SQLException {
        return databases.isThere(name)
                && !databases.isThere(comes)
                && databases.isMarked(leaves, left);
    }

    /** Is the one there that may take the name? */
    boolean isReady(ServerDatabases databases) throws SQLException {
        return ready.contains(databases.comment(comes));
    }
}
