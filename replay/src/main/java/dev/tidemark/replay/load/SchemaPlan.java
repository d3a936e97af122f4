package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The statements that rebuild a catalog in an empty database, in an order that PostgreSQL accepts;
 * the rows of the tables are loaded between them, by column name (a rebuilt table has no dropped
 * columns, so numbers differ). Every session that runs any of them runs {@link #SESSION} first.
 *
 * <p>Row security is not among them, but comes with the rights ({@link RightsPlan}): under it not
 * everybody can read back what was loaded.
 *
 * @param roles make the roles that policies name; run those whose role is missing, or none
 * @param beforeRows one after the other
 * @param afterRows batches, one after the other; the statements of a batch do not need each other
 *     and may run in as many sessions
 * @param naming the tables whose rows name objects of the database, by id: they are loaded when
 *     {@code afterRows} has been run
 * @param afterAllRows batches as in {@code afterRows}
 * @param last event triggers, which would act on statements of the restore itself: one after the
 *     other, when there is nothing else to do
 * @param early what follows the rows of tables that are wanted first
 */
public record SchemaPlan(
        List<String> roles,
        List<String> beforeRows,
        List<List<String>> afterRows,
        Set<Long> naming,
        List<List<String>> afterAllRows,
        List<String> last,
        EarlySteps early) {
    /** Settings under which the statements mean what they meant to the source. */
    public static final List<String> SESSION =
            List.of(
                    "SET check_function_bodies = off", // a body may use what comes later
                    "SET search_path = pg_catalog",
                    "SET client_min_messages = warning",
                    "SET row_security = off",
                    "SET default_table_access_method = heap",
                    "SET xmloption = content");

    static final String EVENT_TRIGGER = "event trigger";
    static final String EVENT_TRIGGER_LABELS = "labels of event trigger";

    public SchemaPlan {
        roles = List.copyOf(roles);
        beforeRows = List.copyOf(beforeRows);
        afterRows = afterRows.stream().map(List::copyOf).toList();
        naming = Set.copyOf(naming);
        afterAllRows = afterAllRows.stream().map(List::copyOf).toList();
        last = List.copyOf(last);
    }

    /** The plan for a catalog; equal catalogs give equal plans. */
    public static SchemaPlan of(Catalog catalog) {
        return of(catalog, Set.of());
    }

    /**
     * The same where some tables are to be whole before the others.
     *
     * @param first their ids
     */
    static SchemaPlan of(Catalog catalog, Set<Long> first) {
        CatalogSteps steps = CatalogSteps.of(catalog);
        Stages stages = Stages.of(steps.all(), steps.hard(), steps.late());
        List<Step> late = new ArrayList<>(stages.after());
        late.addAll(stages.last());
        EarlySteps early = EarlySteps.of(catalog, late, first);
        List<String> before = new ArrayList<>();
        for (List<Step> round : DependencyOrder.rounds(stages.before())) {
            round.forEach(step -> before.addAll(step.statements()));
        }
        List<String> roles =
                catalog.objects().stream()
                        .filter(object -> object.kind().equals("role"))
                        .flatMap(object -> object.definition().stream())
                        .toList();
        return new SchemaPlan(
                roles,
                before,
                batches(without(stages.after(), early)),
                NamingTables.of(catalog),
                batches(without(stages.last(), early)),
                eventTriggers(catalog),
                early);
    }

    private static List<Step> without(List<Step> steps, EarlySteps early) {
        return steps.stream()
                .filter(step -> !early.references().contains(step.reference()))
                .toList();
    }

    private static List<List<String>> batches(List<Step> steps) {
        List<List<String>> batches = new ArrayList<>();
        for (List<Step> round : DependencyOrder.rounds(steps)) {
            addBatches(round, batches);
        }
        return batches;
    }

    private static List<String> eventTriggers(Catalog catalog) {
        return Stream.of(EVENT_TRIGGER, EVENT_TRIGGER_LABELS)
                .flatMap(kind -> catalog.objects().stream().filter(of -> of.kind().equals(kind)))
                .flatMap(
                        object ->
                                Stream.concat(
                                        object.definition().stream(),
                                        CatalogSteps.comment(object).stream()))
                .toList();
    }

    /** Index builds of one round go side by side, what follows each of them alone. */
    private static void addBatches(List<Step> round, List<List<String>> batches) {
        boolean together = round.getFirst().rank().isParallel();
        if (together) {
            batches.add(round.stream().map(step -> step.statements().getFirst()).toList());
        }
        for (Step step : round) {
            step.statements().stream()
                    .skip(together ? 1 : 0)
                    .forEach(statement -> batches.add(List.of(statement)));
        }
    }
}
