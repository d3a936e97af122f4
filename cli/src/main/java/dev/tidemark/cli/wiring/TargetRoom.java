package dev.tidemark.cli.wiring;

import dev.tidemark.replay.load.BesideDatabase;
import dev.tidemark.replay.load.TargetDatabase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Is there room for what a restore writes into a database? A server tells nobody over SQL how much
 * its disk has left; it is known where the server's files are on this machine and can be read. Only
 * reads. Safe for use by many threads.
 *
 * @param disk how much it has left
 */
record TargetRoom(Disk disk) {
    /** This machine's. */
    static final TargetRoom HERE = new TargetRoom(DiskRoom::free);

    /** Where all that no tablespace was named for lies. */
    private static final String DEFAULT_TABLESPACE = "base";

    /** A new database lies where this one does, and this one is always there. */
    private static final String TEMPLATE = "template0";

    private static final String PLACE =
            """
            SELECT current_setting('data_directory'), system_identifier::text, pg_tablespace_location(dattablespace),
                   (SELECT coalesce(sum(pg_database_size(oid)), 0) FROM pg_database WHERE datname = ANY (?))
              FROM pg_control_system(), pg_database
             WHERE datname = ?
            """;

    /** Tells how much can be written into a folder. */
    interface Disk {
        long free(Path folder) throws IOException;
    }

    /**
     * Where a database's rows go to.
     *
     * @param freed bytes of what is dropped before they come
     */
    private record There(Path folder, long freed) {}

    /**
     * Looks at the disk of a database's server, where that can be known.
     *
     * @param place whether a database is made for it
     * @return what people are to know, if the guess does not fit
     * @throws TidemarkException (refused) when not even the least fits
     */
    Optional<String> look(RoomNeed need, Database target, Place place) throws IOException {
        Optional<There> there = there(target, place);
        if (there.isEmpty()) {
            return Optional.empty();
        }
        Path folder = there.get().folder();
        long free = disk.free(folder) + there.get().freed();
        return DiskRoom.look(DiskRoom.Purpose.RESTORE, need, folder, free);
    }

    /** If that is on this machine for sure. */
    private static Optional<There> there(Database target, Place place) {
        String name = target.url().database();
        return switch (place) {
            case AS_IT_IS -> there(target, name, List.of());
            case BESIDE ->
                    there(
                            TargetDatabase.maintenance(target),
                            TEMPLATE,
                            List.of(BesideDatabase.of(target).url().database()));
            case DROPPED ->
                    there(TargetDatabase.maintenance(target), TEMPLATE, withLeftOvers(name));
        };
    }

    private static List<String> withLeftOvers(String name) {
        List<String> names = new ArrayList<>(TargetDatabase.leftOvers(name));
        names.add(name);
        return names;
    }

    private static Optional<There> there(Database asked, String likeThis, List<String> dropped) {
        try (Connection connection = asked.connectForQuestions();
                PreparedStatement query = connection.prepareStatement(PLACE)) {
            query.setArray(1, connection.createArrayOf("text", dropped.toArray()));
            query.setString(2, likeThis);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? there(row) : Optional.empty();
            }
        } catch (SQLException e) {
            return Optional.empty(); // only superusers and some roles may ask where it is
        }
    }

    private static Optional<There> there(ResultSet row) throws SQLException {
        Path server = Path.of(row.getString(1));
        if (!isOf(server, row.getString(2))) {
            return Optional.empty();
        }
        String tablespace = row.getString(3);
        Path folder = server.resolve(tablespace.isEmpty() ? DEFAULT_TABLESPACE : tablespace);
        return Optional.of(new There(folder, row.getLong(4)));
    }

    /** A folder of that name may be of another server: its control file begins with who it is. */
    private static boolean isOf(Path folder, String systemIdentifier) {
        ByteBuffer first = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        try (FileChannel control = FileChannel.open(folder.resolve("global/pg_control"))) {
            return control.read(first) == Long.BYTES
                    && Long.toUnsignedString(first.getLong(0)).equals(systemIdentifier);
        } catch (IOException e) {
            return false; // not here, or not for us
        }
    }
}
