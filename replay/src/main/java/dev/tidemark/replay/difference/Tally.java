package dev.tidemark.replay.difference;

import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.profile.DisplayName;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.SoftDelete;
import dev.tidemark.replay.profile.TableProfile;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what differs, and keeps as many rows as are told. For one thread. */
final class Tally {
    private final Profile profile;
    private final DifferenceRequest request;
    private final RowDifferences further;

    private final List<DifferingTable> tables = new ArrayList<>();
    private final List<DifferingRow> rows = new ArrayList<>();
    private boolean isMore;

    /**
     * @param further hears of each row that differs in the end
     */
    Tally(Profile profile, DifferenceRequest request, RowDifferences further) {
        this.profile = profile;
        this.request = request;
        this.further = further;
    }

    List<DifferingTable> tables() {
        return tables;
    }

    List<DifferingRow> rows() {
        return rows;
    }

    boolean isMore() {
        return isMore;
    }

    /** One table, whose rows come next. */
    final class OfTable {
        private final TablePair table;
        private final MatchedColumns columns;
        private final Optional<String> whole;
        private final Optional<SoftDelete> softDelete;
        private final Optional<DisplayName> displayName;
        private final Map<RowOutcome, Long> counts = new EnumMap<>(RowOutcome.class);

        /**
         * @param whole why all rows are compared, if they are
         */
        OfTable(TablePair table, MatchedColumns columns, Optional<String> whole) {
            this.table = table;
            this.columns = columns;
            this.whole = whole;
            TableProfile known = profile.of(table.table());
            this.softDelete = known.softDelete();
            this.displayName = known.displayName();
        }

        void row(RowDifference row) throws IOException {
            RowOutcome outcome = row.outcome(table, columns, softDelete);
            counts.merge(outcome, row.times(), Long::sum);
            boolean isAsBefore = outcome == RowOutcome.AS_BEFORE;
            if (!isAsBefore) {
                further.row(table, columns, row);
            }
            if (isAsBefore && request.scope() == DifferenceRequest.Scope.NET) {
                return;
            }
            if (rows.size() < request.rowsMax()) {
                rows.add(told(row, outcome));
            } else {
                isMore = true;
            }
        }

        private DifferingRow told(RowDifference row, RowOutcome outcome) {
            List<Value> known = row.after().or(row::before).orElse(List.of());
            return new DifferingRow(
                    table.name(),
                    row.key().stream().map(Value::toString).toList(),
                    displayName.flatMap(
                            name -> name.of(RowDifference.fields(table, columns, known))),
                    outcome,
                    fields(row),
                    row.times(),
                    row.changes() == 0 ? Optional.empty() : Optional.of(row.changes()));
        }

        private List<ChangedField> fields(RowDifference row) {
            List<ChangedField> fields = new ArrayList<>();
            if (row.before().equals(row.after())) {
                return fields;
            }
            boolean isOnBothSides = row.before().isPresent() && row.after().isPresent();
            for (int i = 0; i < columns.columns().size(); i++) {
                int place = i;
                Value before = row.before().map(one -> one.get(place)).orElse(Value.Mark.NULL);
                Value after = row.after().map(one -> one.get(place)).orElse(Value.Mark.NULL);
                if (!isOnBothSides || !before.equals(after)) {
                    fields.addAll(
                            ChangedField.of(columns.columns().get(i).column(), before, after));
                }
            }
            return fields;
        }

        /**
         * All rows were told.
         *
         * @param changes how many its rows had; empty where that is not known
         */
        void end(Optional<Long> changes) throws IOException {
            long asBefore = count(RowOutcome.AS_BEFORE);
            boolean isCounted = changes.isPresent() && !columns.key().isEmpty();
            DifferingTable all =
                    new DifferingTable(
                            table.name(),
                            count(RowOutcome.INSERT),
                            count(RowOutcome.UPDATE),
                            count(RowOutcome.DELETE),
                            count(RowOutcome.SOFT_DELETE),
                            count(RowOutcome.UNDELETE),
                            isCounted ? Optional.of(asBefore) : Optional.empty(),
                            changes,
                            whole);
            boolean isTouched =
                    request.scope() == DifferenceRequest.Scope.TOUCHED && changes.orElse(0L) > 0;
            if (all.rows() > 0 || isTouched) {
                tables.add(all);
            }
            further.end(table);
        }

        private long count(RowOutcome outcome) {
            return counts.getOrDefault(outcome, 0L);
        }
    }
}
