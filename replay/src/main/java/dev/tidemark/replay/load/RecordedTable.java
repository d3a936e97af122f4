package dev.tidemark.replay.load;

import java.util.Optional;

/**
 * A table with rows as a restore or a move left it.
 *
 * @param relation its number in the restored database
 * @param id its number in the source
 * @param name as SQL
 * @param counts empty when it is not known what the server counted up to then
 */
public record RecordedTable(
        long relation, long id, String name, RowsChecksum checksum, Optional<RowCounts> counts) {
    public RecordedTable with(RowsChecksum next, RowCounts counted) {
        return new RecordedTable(relation, id, name, next, Optional.of(counted));
    }
}
