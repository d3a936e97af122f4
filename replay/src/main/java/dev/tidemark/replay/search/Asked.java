package dev.tidemark.replay.search;

import dev.tidemark.archive.plan.Between;
import dev.tidemark.replay.history.KeyTexts;
import dev.tidemark.replay.history.TableNames;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A request, checked against the tables that it is about.
 *
 * @param questions one for each stretch of the window
 * @param notes what people do not expect, for them
 */
record Asked(List<Question> questions, Lives lives, List<String> notes) {
    private static final int NAMES_MAX = 5; // more would not be read

    Asked {
        questions = List.copyOf(questions);
        notes = List.copyOf(notes);
    }

    /**
     * Checks it.
     *
     * @throws TidemarkException when there is no such table (refused) or column (usage), or a value
     *     is none of the column's type (usage)
     */
    static Asked of(
            SegmentScan.Reading reading, Window window, SearchRequest request, Profile profile)
            throws IOException {
        Optional<TableNames.Named> named = Optional.empty();
        if (request.table().isPresent()) {
            TableNames names = new TableNames(reading.archive(), reading.temporary());
            named = Optional.of(names.named(request.table().get()));
        }
        List<StretchShapes> stretches = new ArrayList<>();
        for (Between between : window.stretches()) {
            stretches.add(StretchShapes.of(reading, between));
        }
        Map<String, ClusterTables> tables = new LinkedHashMap<>();
        Map<String, Question> questions = new HashMap<>();
        for (String system : stretches.stream().map(StretchShapes::system).distinct().toList()) {
            ClusterTables there =
                    ClusterTables.of(
                            stretches.stream().filter(one -> one.system().equals(system)).toList(),
                            named.map(asked -> table -> asked.isIn(system, table)),
                            request.fields().column());
            tables.put(system, there);
            questions.put(system, new Question(request, profile, there));
        }
        Optional<Table> newest = named.map(TableNames.Named::table);
        Set<Table> shapes = new LinkedHashSet<>(newest.stream().toList());
        tables.values().forEach(there -> there.shapes().forEach(shapes::add));
        check(request, newest, shapes);
        Lives lives = new Lives(stretches);
        return new Asked(
                stretches.stream()
                        .map(one -> Objects.requireNonNull(questions.get(one.system())))
                        .toList(),
                lives,
                named.map(asked -> lives.notes(asked.displayName())).orElse(List.of()));
    }

    private static void check(SearchRequest request, Optional<Table> named, Set<Table> shapes) {
        FieldQuestion fields = request.fields();
        if (fields.column().isEmpty()) {
            return;
        }
        List<Column> columns =
                shapes.stream()
                        .flatMap(table -> table.stored().stream())
                        .filter(column -> column.name().equals(fields.column().get()))
                        .toList();
        if (columns.isEmpty()) {
            throw unknown(fields.column().get(), named, shapes);
        }
        Stream.of(
                        fields.from().flatMap(FieldQuestion.Wanted::text),
                        fields.to().flatMap(FieldQuestion.Wanted::text),
                        fields.value())
                .flatMap(Optional::stream)
                .forEach(value -> checkType(value, columns));
    }

    private static void checkType(String value, List<Column> columns) {
        boolean fits =
                columns.stream()
                        .anyMatch(column -> ValueTest.equalTo(column.type(), value).isPresent());
        if (!fits) {
            Column column = columns.getFirst();
            throw TidemarkException.usage(
                    "'%s' is no %s".formatted(value, column.type()),
                    "Column %s is %s. %s"
                            .formatted(
                                    column.name(), column.type(), KeyTexts.example(column.type())));
        }
    }

    private static TidemarkException unknown(
            String column, Optional<Table> named, Set<Table> shapes) {
        List<String> nearest =
                shapes.stream()
                        .flatMap(table -> table.columns().stream())
                        .map(Column::name)
                        .distinct()
                        .sorted(
                                Comparator.comparingInt(
                                                (String name) -> Nearest.edits(column, name))
                                        .thenComparing(Comparator.naturalOrder()))
                        .limit(NAMES_MAX)
                        .toList();
        return TidemarkException.usage(
                named.map(
                                table ->
                                        "table %s has no column '%s'"
                                                .formatted(table.displayName(), column))
                        .orElse("no table has a column '%s'".formatted(column)),
                nearest.isEmpty()
                        ? "Ask for another time: then there were no columns at all."
                        : "The nearest names are %s.".formatted(String.join(", ", nearest)));
    }
}
