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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A request, checked against the tables that it is about.
 *
 * @param questions one for each stretch of the window
 */
record Asked(List<Question> questions) {
    private static final int NAMES_MAX = 5; // more would not be read

    Asked {
        questions = List.copyOf(questions);
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
        Optional<Table> named = Optional.empty();
        if (request.table().isPresent()) {
            named =
                    Optional.of(
                            new TableNames(reading.archive(), reading.temporary())
                                    .find(request.table().get()));
        }
        Set<Table> shapes = new LinkedHashSet<>(named.stream().toList());
        String newest = Window.system(reading, reading.archive().state().stretches().getLast());
        List<Question> questions = new ArrayList<>();
        for (Between between : window.stretches()) {
            boolean isSame = Window.system(reading, between.stretch()).equals(newest);
            StretchTables tables =
                    StretchTables.of(
                            reading.archive(), between, named, isSame, request.fields().column());
            shapes.addAll(tables.shapes());
            questions.add(new Question(request, profile, tables));
        }
        check(request, named, shapes);
        return new Asked(questions);
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
