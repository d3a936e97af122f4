package dev.tidemark.replay.profile;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Something that is said of the rows of a table by some of its columns. */
sealed interface OfColumns permits OneColumn, BySchema, SoftDelete, NameTemplate {
    /** Their names. */
    List<String> columns();

    /** Does a table have them all, and the archive their values? */
    default boolean fits(Table table) {
        Set<String> names = table.stored().stream().map(Column::name).collect(Collectors.toSet());
        return names.containsAll(columns());
    }
}
