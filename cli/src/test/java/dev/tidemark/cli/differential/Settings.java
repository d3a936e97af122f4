package dev.tidemark.cli.differential;

import dev.tidemark.cli.CatalogOracle;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What to try, as system properties that start with {@code differential.} say.
 *
 * @param seed the first
 * @param seeds how many at most
 * @param budget no seed is begun after it
 * @param steps statements of one seed, about
 * @param without kinds of actions that are left out; {@code none} means all of them in all seeds
 * @param compared kinds of lines of the catalog
 * @param isOldest on the oldest server at hand instead of the newest
 * @param isTalkative print every statement
 */
record Settings(
        long seed,
        int seeds,
        Duration budget,
        int steps,
        Set<String> without,
        Set<String> compared,
        boolean isOldest,
        boolean isTalkative) {
    /**
     * Left out of every second seed: schema changes that wait for each other's locks leave moments
     * that are not known, and these seeds have few of them.
     */
    private static final String CONCURRENT = "concurrent schema changes";

    static Settings ofProperties(int seconds) {
        return new Settings(
                Long.getLong("differential.seed", 1),
                Integer.getInteger("differential.seeds", Integer.MAX_VALUE),
                Duration.ofSeconds(Integer.getInteger("differential.seconds", seconds)),
                Integer.getInteger("differential.steps", 150),
                words("differential.without", ""),
                words("differential.compare", String.join(",", CatalogOracle.kinds())),
                System.getProperty("differential.postgres", "newest").equals("oldest"),
                Boolean.getBoolean("differential.verbose"));
    }

    /** The same on the oldest server at hand, in sessions whose schema changes do not overlap. */
    Settings onOldest() {
        Set<String> more = new TreeSet<>(without);
        more.add(CONCURRENT);
        return new Settings(seed, seeds, budget, steps, more, compared, true, isTalkative);
    }

    private static Set<String> words(String property, String fallback) {
        String text = System.getProperty(property, fallback);
        if (text.equals("all")) {
            return CatalogOracle.kinds();
        }
        return Arrays.stream(text.split(","))
                .map(word -> word.strip().replace('_', ' ')) // a command line's word has no spaces
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    boolean hasConcurrentSchemaChanges(long one) {
        return !without(one).contains(CONCURRENT);
    }

    /** What one seed leaves out. */
    Set<String> without(long one) {
        Set<String> all = new TreeSet<>(without);
        if (one % 2 == 0 && !without.contains("none")) {
            all.add(CONCURRENT);
        }
        return all;
    }

    /** The command that repeats one seed. */
    String repeat(long one) {
        return "make soak ARGS=\"--seed %d --seeds 1 --steps %d --without %s --compare %s --postgres %s\""
                .formatted(
                        one,
                        steps,
                        without(one).isEmpty()
                                ? "none"
                                : String.join(",", without(one)).replace(' ', '_'),
                        String.join(",", compared).replace(' ', '_'),
                        isOldest ? "oldest" : "newest");
    }
}
