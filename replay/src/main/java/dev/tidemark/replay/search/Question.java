package dev.tidemark.replay.search;

import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What is asked of changes, whatever tables they are of. For one thread. */
final class Question implements Wanted {
    private static final Set<ChangeKind> UPDATES =
            Set.of(ChangeKind.UPDATE, ChangeKind.SOFT_DELETE, ChangeKind.UNDELETE);

    private final SearchRequest request;
    private final Profile profile;
    private final ClusterTables tables;
    private final IdentityHashMap<Table, ShapeQuestion> shapes =
            new IdentityHashMap<>(); // of large records
    private final Map<Long, Needs> needs = new HashMap<>(); // by table

    /**
     * What is needed of rows of a table: what they are in one of its shapes may decide of a change
     * in another.
     *
     * @param columns their ids, in any shape
     * @param isBefore is it needed what rows were before?
     */
    private record Needs(Set<Integer> columns, boolean isBefore) {}

    /**
     * @param tables those of the cluster that are asked for
     */
    Question(SearchRequest request, Profile profile, ClusterTables tables) {
        this.request = request;
        this.profile = profile;
        this.tables = tables;
    }

    /** That to a table in a shape. */
    ShapeQuestion of(Table table) {
        return shapes.computeIfAbsent(
                table,
                one -> new ShapeQuestion(one, tests(one), profile.of(one), softDeletion(one)));
    }

    /** By the names that the columns have then, or else by those that they have last. */
    private Optional<SoftDeletion> softDeletion(Table table) {
        return Stream.of(table, tables.named(table))
                .distinct()
                .flatMap(
                        one ->
                                profile.of(one).softDelete().stream()
                                        .map(rule -> new SoftDeletion(rule, one)))
                .findFirst();
    }

    @Override
    public boolean needsBefore(Table table) {
        return of(table).needsBefore() || needs(table.id()).isBefore();
    }

    private Needs needs(long table) {
        Needs known = needs.get(table);
        if (known == null) {
            Set<Integer> columns = new HashSet<>();
            boolean isBefore = false;
            for (Table shape : tables.shapes(table)) {
                columns.addAll(of(shape).columns());
                isBefore |= of(shape).needsBefore();
            }
            known = new Needs(columns, isBefore);
            needs.put(table, known);
        }
        return known;
    }

    /** Does an answer depend on who acts? */
    boolean needsActors() {
        return request.actor().isPresent();
    }

    private FieldTests tests(Table table) {
        List<Column> columns = table.stored();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (request.fields().isAny() && isAsked(table, columns.get(i))) {
                places.add(i);
            }
        }
        List<Column> asked = places.stream().map(columns::get).toList();
        FieldTests tests =
                new FieldTests(
                        places.stream().mapToInt(Integer::intValue).toArray(),
                        asked.stream().map(Column::name).toList());
        add(tests, asked);
        return tests;
    }

    private boolean isAsked(Table table, Column column) {
        Optional<String> name = request.fields().column();
        return name.isEmpty() || name.get().equals(column.name()) || tables.isNamed(table, column);
    }

    private void add(FieldTests tests, List<Column> columns) {
        FieldQuestion fields = request.fields();
        if (fields.column().isPresent()) {
            tests.changed();
        }
        fields.from().ifPresent(wanted -> tests.before(of(columns, wanted)));
        fields.to().ifPresent(wanted -> tests.after(of(columns, wanted)));
        fields.value()
                .ifPresent(value -> tests.either(of(columns, FieldQuestion.Wanted.of(value))));
        fields.text()
                .map(ValueTest::containing)
                .ifPresent(test -> tests.either(columns.stream().map(column -> test).toList()));
    }

    private static List<ValueTest> of(List<Column> columns, FieldQuestion.Wanted wanted) {
        Function<Column, Optional<ValueTest>> test =
                column ->
                        wanted.text().isEmpty()
                                ? Optional.of(ValueTest.NULL)
                                : ValueTest.equalTo(column.type(), wanted.text().get());
        return columns.stream().map(column -> test.apply(column).orElse(ValueTest.NEVER)).toList();
    }

    /**
     * What it makes of a change.
     *
     * @param said who acts in its transaction, where that was asked for and is known
     */
    Judgement judge(ScannedChange change, Optional<String> said) {
        ShapeQuestion shape = of(change.table());
        FieldTests.Found fields = shape.fields(change);
        Optional<String> claim =
                fields.verdict() == Verdict.NO ? Optional.empty() : shape.claim(change);
        Optional<String> actor = said.isPresent() ? said : claim;
        Verdict verdict = fields.verdict().and(() -> byActor(actor));
        Optional<ChangeKind> kind = verdict == Verdict.NO ? Optional.empty() : shape.kind(change);
        return new Judgement(
                verdict.and(() -> byKind(kind)),
                kind.orElse(ChangeKind.UPDATE),
                claim,
                fields.columns());
    }

    private Verdict byActor(Optional<String> actor) {
        return Verdict.of(request.actor().isEmpty() || request.actor().equals(actor));
    }

    private Verdict byKind(Optional<ChangeKind> kind) {
        if (kind.isPresent()) {
            return Verdict.of(isAsked(kind.get()));
        }
        boolean mayBe = UPDATES.stream().anyMatch(this::isAsked);
        return mayBe ? Verdict.DEPENDS : Verdict.NO;
    }

    /** Are changes of a kind asked for? */
    boolean isAsked(ChangeKind kind) {
        return request.kinds().isEmpty() || request.kinds().contains(kind);
    }

    /** Whether a change answers that stays as little known as it is. */
    boolean isTakenUnknown(ScannedChange change) {
        return of(change.table()).fields(change).verdict() == Verdict.YES
                && isAsked(ChangeKind.UPDATE);
    }

    /** Is it known whether an UPDATE made the row count as deleted, or as there again? */
    boolean isKindKnown(ScannedChange change) {
        return of(change.table()).kind(change).isPresent();
    }

    /** Does it ask of whole tables, such as TRUNCATE? */
    boolean isOfTruncates(Optional<String> said) {
        return !request.fields().isAny()
                && isAsked(ChangeKind.TRUNCATE)
                && byActor(said) == Verdict.YES;
    }

    @Override
    public Set<Integer> columns(Table table) {
        Set<Integer> columns = new HashSet<>(needs(table.id()).columns());
        columns.retainAll(table.stored().stream().map(Column::id).toList());
        columns.addAll(of(table).columns());
        return columns;
    }

    @Override
    public boolean isWanted(long table) {
        return tables.isWanted(table);
    }

    @Override
    public boolean isWanted(Table table) {
        return tables.isWanted(table);
    }

    @Override
    public Optional<Set<List<Value>>> keys(Table table) {
        return Optional.empty();
    }
}
