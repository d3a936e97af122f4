package dev.tidemark.cli.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format, read strictly: a test's view of a scrape.
 *
 * @param types by name
 * @param helps by name
 * @param values by name and labels, as they are written
 */
public record PrometheusText(
        Map<String, String> types, Map<String, String> helps, Map<String, Double> values) {
    private static final Pattern HELP = Pattern.compile("# HELP ([a-z0-9_]+) (.+)");
    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z0-9_]+) (counter|gauge)");
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-z0-9_]+)(\\{[a-z_]+=\"[^\"\\\\\n]*\"})? (NaN|-?[0-9.]+(E-?[0-9]+)?)");

    /** Refuses what it does not understand, and a value whose type or help was not said before. */
    public static PrometheusText parse(String text) {
        Map<String, String> types = new TreeMap<>();
        Map<String, String> helps = new TreeMap<>();
        Map<String, Double> values = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (help.matches()) {
                helps.put(help.group(1), help.group(2));
            } else if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (sample.matches()
                    && types.containsKey(sample.group(1))
                    && helps.containsKey(sample.group(1))) {
                String labels = sample.group(2) == null ? "" : sample.group(2);
                values.put(sample.group(1) + labels, Double.valueOf(sample.group(3)));
            } else {
                throw new IllegalArgumentException("not Prometheus' text: " + line);
            }
        }
        return new PrometheusText(types, helps, values);
    }

    /** Of a meter by name and labels. */
    public double value(String meter) {
        Double value = values.get(meter);
        if (value == null) {
            throw new IllegalArgumentException(meter + " is not among " + values.keySet());
        }
        return value;
    }

    /** All names, without labels. */
    public Set<String> names() {
        return types.keySet();
    }

    /** The names of a meter's labels. */
    public Set<String> labels(String name) {
        Set<String> labels = new TreeSet<>();
        values.keySet().stream()
                .filter(meter -> meter.startsWith(name + "{"))
                .forEach(
                        meter ->
                                labels.add(meter.substring(name.length() + 1, meter.indexOf('='))));
        return labels;
    }
}
