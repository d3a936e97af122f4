package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/**
 * Reads a loaded table back and compares it with what the archive gave, a large one in several
 * sessions side by side. Each part is what lies in some of the table's pages, so that all parts
 * together are each row once, as long as nobody else writes; if somebody does, it shows as a
 * difference. Its works may run side by side; used once.
 */
final class TableCheck {
    /** Of the rows as they were sent: below this a part costs more than it saves. */
    private static final long PART_BYTES_MIN = 16L * 1024 * 1024;

    private static final int PARTS_MAX = 64; // more sessions than this have no use

    private final Table table;
    private final TableLoad.Loaded loaded;
    private final int parts;
    private final AtomicInteger waiting;
    private final AtomicReference<RowsChecksum> there = new AtomicReference<>(RowsChecksum.NONE);

    /**
     * @param jobs how many sessions there are
     */
    TableCheck(Table table, TableLoad.Loaded loaded, int jobs) {
        this.table = table;
        this.loaded = loaded;
        // Pages of an extension's table need not be those of a heap.
        boolean isHeap = table.extension().isEmpty() && !table.stored().isEmpty();
        long most = Math.min(PARTS_MAX, 2L * jobs); // so that no session waits long for another
        this.parts =
                isHeap && jobs > 1
                        ? Math.toIntExact(Math.clamp(loaded.bytes() / PART_BYTES_MIN, 1, most))
                        : 1;
        this.waiting = new AtomicInteger(parts);
    }

    /**
     * What is to be done, in any order.
     *
     * @param rowsRead hears how many rows a part had
     */
    List<Sessions.Work> works(LongConsumer rowsRead) {
        List<Sessions.Work> works = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int number = part;
            works.add(
                    session -> {
                        RowsChecksum read = read(session, number);
                        there.accumulateAndGet(read, RowsChecksum::plus);
                        rowsRead.accept(read.rows());
                        if (waiting.decrementAndGet() == 0) {
                            compare();
                        }
                    });
        }
        return works;
    }

    private RowsChecksum read(Connection session, int part) throws SQLException {
        if (parts == 1) {
            return RowsChecksum.ofTable(session, table);
        }
        long pages = pages(session);
        long first = pages * part / parts;
        long end = part == parts - 1 ? Long.MAX_VALUE : pages * (part + 1) / parts;
        return RowsChecksum.ofPages(session, table, first, end);
    }

    private long pages(Connection session) throws SQLException {
        String query =
                "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::bigint"
                        .formatted(Quoted.text(Quoted.name(table.schema(), table.name())));
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void compare() {
        if (!there.get().equals(loaded.checksum())) {
            throw TidemarkException.failed(
                    "the restored table %s has %s, and the archive's rows are %s"
                            .formatted(table.displayName(), there.get(), loaded.checksum()),
                    "Something changed the rows while they were loaded, for example another session. Please report"
                            + " this if there was none.");
        }
    }
}
