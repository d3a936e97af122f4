package dev.tidemark.replay.difference;

import static java.util.Comparator.comparing;

import dev.tidemark.replay.difference.MatchedColumns.Later;
import dev.tidemark.replay.difference.MatchedColumns.Match;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How tables and columns of two states are matched.
 *
 * @param match by what those of one are known in the other
 * @param later which of the two is the later one
 */
record States(Match match, Later later) {
    /** The tables of both, by name. */
    List<TablePair> pairs(List<Table> from, List<Table> to) {
        List<TablePair> pairs = new ArrayList<>();
        for (Table table : to) {
            pairs.add(new TablePair(same(table, from), Optional.of(table)));
        }
        for (Table table : from) {
            if (same(table, to).isEmpty()) {
                pairs.add(new TablePair(Optional.of(table), Optional.empty()));
            }
        }
        pairs.sort(comparing(TablePair::name).thenComparing(pair -> pair.table().id()));
        return pairs;
    }

    private Optional<Table> same(Table table, List<Table> others) {
        return others.stream()
                .filter(
                        other ->
                                switch (match) {
                                    case NUMBER -> other.id() == table.id();
                                    case NAME -> other.displayName().equals(table.displayName());
                                })
                .findFirst();
    }

    MatchedColumns columns(TablePair pair) {
        return MatchedColumns.of(pair, match, later);
    }
}
