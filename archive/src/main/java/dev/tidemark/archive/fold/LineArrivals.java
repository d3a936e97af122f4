package dev.tidemark.archive.fold;

import static java.util.Comparator.comparingInt;

import dev.tidemark.archive.merge.LineKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows that got another key in files of lines, by that key. For one thread. */
final class LineArrivals {
    /**
     * A row that had the key at the end of a file.
     *
     * @param age of the file
     */
    record Arrival(int age, LineRow row) {}

    private final Map<LineKey, List<Arrival>> arrivals = new HashMap<>();

    void add(LineKey key, int age, LineRow row) {
        arrivals.computeIfAbsent(key, any -> new ArrayList<>(1)).add(new Arrival(age, row));
    }

    /** All, those of a key from the oldest. */
    Set<Map.Entry<LineKey, List<Arrival>>> take() {
        arrivals.values().forEach(rows -> rows.sort(comparingInt(Arrival::age)));
        return arrivals.entrySet();
    }

    /**
     * Lets rows come to a key, file by file. A row that is awaited before a file is the one that
     * came to the key before it.
     *
     * @param key theirs
     * @param awaited from the oldest
     * @param arrived from the oldest
     * @param last takes the row that has the key at the end, if one of these has
     * @return what is awaited from the base
     */
    static List<MergedLines.Awaited> settle(
            LineKey key,
            List<MergedLines.Awaited> awaited,
            List<Arrival> arrived,
            Consumer<LineRow> last) {
        List<MergedLines.Awaited> ofBase = new ArrayList<>();
        LineRow there = null;
        int next = 0;
        for (MergedLines.Awaited one : awaited) {
            for (; next < arrived.size() && arrived.get(next).age() < one.age(); next++) {
                there = arrive(key, there, arrived.get(next));
            }
            if (there == null) {
                if (next > 0 || !ofBase.isEmpty()) {
                    throw gone(key);
                }
                ofBase.add(one);
            } else if (one.then() != null) {
                one.then().comesFrom(there);
            }
            there = null;
        }
        for (; next < arrived.size(); next++) {
            there = arrive(key, there, arrived.get(next));
        }
        if (there != null) {
            last.accept(there);
        }
        return ofBase;
    }

    private static LineRow arrive(LineKey key, @Nullable LineRow there, Arrival arrival) {
        if (there != null) {
            throw twoRows(key);
        }
        return arrival.row();
    }

    static IllegalStateException twoRows(LineKey key) {
        return new IllegalStateException("an update gave two rows the key " + key);
    }

    static IllegalStateException gone(LineKey key) {
        return new IllegalStateException("a change of the row " + key + ", which was gone");
    }
}
