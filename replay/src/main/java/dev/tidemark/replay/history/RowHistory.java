package dev.tidemark.replay.history;

import static java.util.Comparator.comparingInt;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Answers what happened to one row, over all that the archive holds of it: as one life line, on
 * which the row is followed to the keys that it had before, and past its deletion. Reads the parts
 * of files in which the row can be. For one thread.
 */
public final class RowHistory {
    private static final int NAMES_MAX = 5; // more would not be read

    private final Archive archive;
    private final Path temporary;
    private final Claims claims;
    private final UserNames users;

    /**
     * @param temporary a folder for files while they are read
     */
    public RowHistory(Archive archive, Path temporary) {
        this(archive, temporary, Claims.NONE, UserNames.none(archive, temporary));
    }

    /**
     * One that also asks the rows who changed them, and how these were called.
     *
     * @param temporary a folder for files while they are read
     */
    public RowHistory(Archive archive, Path temporary, Claims claims, UserNames users) {
        this.archive = archive;
        this.temporary = temporary;
        this.claims = claims;
        this.users = users;
    }

    /**
     * The changes of a row, the newest first. After a gap, or what expired, a base shows what
     * became of it.
     *
     * @throws TidemarkException when there is no such table, the key does not fit it, or a moment
     *     is not in the archive
     */
    public History changes(HistoryRequest request) throws IOException {
        return answer(request, entry -> Optional.empty());
    }

    /** The same, each with the whole row after it. */
    public History versions(HistoryRequest request) throws IOException {
        return answer(request, entry -> entry.row().map(row -> fields(entry, row)));
    }

    private History answer(
            HistoryRequest request, Function<LineEntry, Optional<List<RowField>>> rows)
            throws IOException {
        LifeLine line = find(request);
        List<LineEntry> all =
                line.inWindow().reversed().stream().filter(RowHistory::isSeen).toList();
        Set<String> columns = Set.copyOf(request.columns());
        checkColumns(columns, line);
        List<LineEntry> wanted = all.stream().filter(entry -> touches(entry, columns)).toList();
        List<LineEntry> shown = wanted.subList(0, Math.min(wanted.size(), request.changesMax()));
        return new History(
                line.table().displayName(),
                KeyTexts.columns(line.table()).stream().map(Column::name).toList(),
                request.key(),
                shown.stream().map(entry -> change(entry, columns, rows.apply(entry))).toList(),
                shown.size() < wanted.size(),
                !all.isEmpty() || line.row().isPresent() || line.isOlder(),
                line.notes());
    }

    /**
     * Who set each field of a row as it is at a moment.
     *
     * @param table as in a {@link HistoryRequest}
     * @param key the values of its key as text, in the key's order
     * @throws TidemarkException when there is no such table, the key does not fit it, or the moment
     *     is not in the archive
     */
    public Blame blame(String table, List<String> key, Moment at) throws IOException {
        return Blame.of(find(HistoryRequest.all(table, key, at)), key);
    }

    private LifeLine find(HistoryRequest request) throws IOException {
        return LifeLineSearch.find(archive, temporary, request).claimed(claims).named(users);
    }

    /** A column that is added is NULL in every row, which nobody sees. */
    private static boolean isSeen(LineEntry entry) {
        return entry.row().isEmpty()
                || !isOfTable(entry)
                || entry.fields().stream().anyMatch(field -> !field.before().equals(field.after()));
    }

    private static boolean isOfTable(LineEntry entry) {
        return switch (entry.operation()) {
            case "INSERT", "UPDATE", "DELETE", "REWRITE", "BASE" -> false;
            default -> true;
        };
    }

    /** What ends a row, or makes it unknown, is of all columns. */
    private static boolean touches(LineEntry entry, Set<String> columns) {
        return columns.isEmpty()
                || entry.fields().isEmpty()
                || entry.row().isEmpty()
                || entry.fields().stream()
                        .anyMatch(field -> columns.contains(field.column().name()));
    }

    private static void checkColumns(Set<String> columns, LifeLine line) {
        Set<String> known = new TreeSet<>();
        line.table().columns().forEach(column -> known.add(column.name()));
        line.entries()
                .forEach(
                        entry ->
                                entry.table()
                                        .columns()
                                        .forEach(column -> known.add(column.name())));
        for (String column : columns) {
            if (!known.contains(column)) {
                throw TidemarkException.usage(
                        "table %s has no column '%s'".formatted(line.table().displayName(), column),
                        "The nearest names are %s."
                                .formatted(
                                        String.join(
                                                ", ",
                                                known.stream()
                                                        .sorted(
                                                                comparingInt(
                                                                        name ->
                                                                                Nearest.edits(
                                                                                        column,
                                                                                        name)))
                                                        .limit(NAMES_MAX)
                                                        .toList())));
            }
        }
    }

    static RowChange change(LineEntry entry, Set<String> columns, Optional<List<RowField>> row) {
        List<ChangedField> fields = new ArrayList<>();
        for (LineEntry.Field field : entry.fields()) {
            if (columns.isEmpty() || columns.contains(field.column().name())) {
                fields.addAll(ChangedField.of(field.column(), field.before(), field.after()));
            }
        }
        return new RowChange(
                entry.time(),
                entry.position(),
                entry.xid(),
                entry.actor(),
                entry.table().displayName(),
                entry.key().stream().map(Value::toString).toList(),
                entry.operation(),
                fields,
                row);
    }

    /** A row's fields, in the table's order. */
    static List<RowField> fields(LineEntry entry, Map<Integer, Value> row) {
        List<RowField> fields = new ArrayList<>();
        for (Column column : entry.table().stored()) {
            Value value = row.getOrDefault(column.id(), Value.Mark.UNKNOWN);
            fields.add(new RowField(column.name(), Fields.text(value), value.isKnown()));
        }
        return fields;
    }
}
