package dev.tidemark.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Work on a table whose own trigger writes down what happens to each row, and what a row's history
 * has to be by that: an oracle that knows nothing of archives.
 */
final class AuditedRows {
    static final String SCHEMA =
            """
            CREATE TABLE public.part (a int, b text, name text, note text, PRIMARY KEY (b, a));
            ALTER TABLE public.part ALTER note SET STORAGE EXTERNAL;
            CREATE TABLE public.audit (seq bigserial, op text, was text, now text, xid bigint DEFAULT txid_current());
            CREATE FUNCTION public.audited() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'TRUNCATE' THEN
                INSERT INTO public.audit (op, was) SELECT 'TRUNCATE', b || '/' || a FROM public.part;
              ELSE
                INSERT INTO public.audit (op, was, now) VALUES (TG_OP,
                  CASE WHEN TG_OP <> 'INSERT' THEN OLD.b || '/' || OLD.a END,
                  CASE WHEN TG_OP <> 'DELETE' THEN NEW.b || '/' || NEW.a END);
              END IF;
              RETURN NULL;
            END $$;
            CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON public.part FOR EACH ROW EXECUTE FUNCTION public.audited();
            CREATE TRIGGER emptied BEFORE TRUNCATE ON public.part EXECUTE FUNCTION public.audited();
            """;

    /** In the order of the audit table. */
    static final String AUDIT =
            "SELECT string_agg(concat_ws(' ', op, coalesce(was, '-'), coalesce(now, '-'), xid), E'\\n' ORDER BY seq) FROM public.audit";

    /**
     * A change that the trigger wrote down.
     *
     * @param was the key before it
     * @param now the key after it
     */
    private record Step(String operation, Optional<String> was, Optional<String> now, long xid) {
        static Step of(String line) {
            String[] words = line.split(" ", -1);
            return new Step(words[0], key(words[1]), key(words[2]), Long.parseLong(words[3]));
        }

        private static Optional<String> key(String word) {
            return word.equals("-") ? Optional.empty() : Optional.of(word);
        }

        boolean had(String key) {
            return was.filter(key::equals).isPresent();
        }

        boolean has(String key) {
            return now.filter(key::equals).isPresent();
        }

        String told() {
            return xid + " " + operation;
        }
    }

    private final List<Step> steps;

    /** From what {@link #AUDIT} gives. */
    AuditedRows(String audit) {
        steps = audit.lines().map(Step::of).toList();
    }

    /** Statements, each a transaction of its own. */
    static List<String> work(Random random, int count) {
        List<String> work = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "a = %d AND b = '%s'".formatted(random.nextInt(4), letter(random));
            work.add(
                    switch (random.nextInt(12)) {
                        case 0, 1, 2, 3 ->
                                "INSERT INTO public.part VALUES (%d, '%s', 'n%d', repeat(md5('%d'), 200)) ON CONFLICT DO NOTHING"
                                        .formatted(random.nextInt(4), letter(random), i, i);
                        case 4, 5 ->
                                "UPDATE public.part SET name = 'u%d' WHERE %s".formatted(i, key);
                        case 6 -> "DELETE FROM public.part WHERE " + key;
                        case 7, 8, 9 ->
                                """
                                UPDATE public.part SET a = %1$d, b = '%2$s' WHERE %3$s
                                  AND NOT EXISTS (SELECT FROM public.part WHERE a = %1$d AND b = '%2$s')"""
                                        .formatted(random.nextInt(4), letter(random), key);
                        case 10 ->
                                "BEGIN; DELETE FROM public.part WHERE %1$s; INSERT INTO public.part SELECT a, b, 'again' FROM (SELECT 1 AS a, 'x' AS b) one ON CONFLICT DO NOTHING; COMMIT"
                                        .formatted(key);
                        default -> random.nextInt(4) == 0 ? "TRUNCATE public.part" : "SELECT 1";
                    });
        }
        return work;
    }

    private static String letter(Random random) {
        return random.nextBoolean() ? "x" : "y";
    }

    /** All keys that there ever were, as {@code b/a}. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        steps.forEach(
                step -> {
                    step.was().ifPresent(keys::add);
                    step.now().ifPresent(keys::add);
                });
        return keys;
    }

    /**
     * All changes of rows but truncations, newest first: the transaction's id and the operation.
     */
    List<String> changes() {
        return steps.reversed().stream()
                .filter(step -> !step.operation().equals("TRUNCATE"))
                .map(Step::told)
                .toList();
    }

    /** The history of the row with a key, newest first: the transaction's id and the operation. */
    List<String> history(String asked) {
        List<String> told = new ArrayList<>();
        String key = asked;
        int newest = -1;
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            if (step.had(key) || step.has(key)) {
                newest = newest < 0 ? i : newest;
                told.add(step.told());
                key = step.has(key) ? step.was().orElse(key) : key;
            }
        }
        if (newest >= 0 && steps.get(newest).had(asked) && !steps.get(newest).has(asked)) {
            steps.get(newest)
                    .now()
                    .ifPresent(next -> told.addAll(0, after(newestOf(asked), next).reversed()));
        }
        return told;
    }

    private int newestOf(String key) {
        int newest = steps.size() - 1;
        while (!steps.get(newest).had(key)) {
            newest--;
        }
        return newest;
    }

    private List<String> after(int from, String start) {
        List<String> told = new ArrayList<>();
        String key = start;
        for (Step step : steps.subList(from + 1, steps.size())) {
            if (step.had(key) || step.has(key)) {
                told.add(step.told());
                key = step.had(key) ? step.now().orElse(key) : key;
            }
        }
        return told;
    }
}
