package dev.tidemark.cli.wiring;

import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Is there room for what a restore writes? A server tells nobody over SQL how much its disk has
 * left; it is known where the server's files are on this machine and can be read, and for files.
 * Only reads.
 */
public final class TargetRoom {
    /** What every row takes in a table beside its fields: a header and a pointer to it. */
    private static final long ROW_BYTES_MIN = 28;

    private static final String PLACE =
            """
            SELECT current_setting('data_directory'), system_identifier FROM pg_control_system()
            """;

    private TargetRoom() {}

    /** What a plan's rows take at least: nothing stores them in less than the archive does. */
    static long least(RestorePlan plan) {
        return plan.baseFiles().stream()
                .filter(file -> plan.changes() == 0) // changes may delete any number of rows
                .mapToLong(file -> file.bytes() + file.rows() * ROW_BYTES_MIN)
                .sum();
    }

    /** What they take, by a guess. */
    static long guess(RestorePlan plan) {
        return ScratchRoom.ofRows(plan);
    }

    /**
     * Looks at the disk of a database's server, where that can be known.
     *
     * @return what people are to know, if the guess does not fit
     * @throws TidemarkException (refused) when not even the least fits
     */
    static Optional<String> look(RestorePlan plan, Database target) throws IOException {
        Optional<Path> place = place(target);
        return place.isEmpty()
                ? Optional.empty()
                : look(plan, place.get(), Files.getFileStore(place.get()).getUsableSpace());
    }

    /**
     * The same of a folder on this machine.
     *
     * @param free what it has room for
     */
    static Optional<String> look(RestorePlan plan, Path place, long free) {
        long guess = guess(plan);
        long least = least(plan);
        if (free < least) {
            throw TidemarkException.refused(
                    "the restore takes %s at least, about %s by a guess, and %s has room for %s"
                            .formatted(
                                    Figures.bytes(least),
                                    Figures.bytes(guess),
                                    place,
                                    Figures.bytes(free)),
                    "Make room there, restore elsewhere, or leave the rows of large tables out with --exclude-table-data."
                            + " Nothing was changed.");
        }
        return free < guess
                ? Optional.of(
                        "the restore may not fit: it takes about %s by a guess, and %s has room for %s"
                                .formatted(Figures.bytes(guess), place, Figures.bytes(free)))
                : Optional.empty();
    }

    /** Where the server keeps its files, if that is on this machine for sure. */
    private static Optional<Path> place(Database target) {
        try (Connection connection = target.connectForQuestions();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PLACE)) {
            row.next();
            Path folder = Path.of(row.getString(1));
            return isOf(folder, row.getString(2)) ? Optional.of(folder) : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty(); // only superusers and some roles may ask where it is
        }
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
