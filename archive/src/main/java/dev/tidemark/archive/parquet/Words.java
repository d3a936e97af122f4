package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of few words, of which the same often comes again. For one thread.
 *
 * @param <T> what a word means
 */
final class Words<T> {
    private final TextPages pages;
    private final Map<Value, T> known = new HashMap<>();
    private final Function<String, T> meaning;
    private Value last = Value.Mark.NULL;
    private @Nullable T lastMeaning;

    Words(TextPages pages, Function<String, T> meaning) {
        this.pages = pages;
        this.meaning = meaning;
    }

    /** Passes over rows. */
    void skip(long rows) {
        pages.skip(rows);
    }

    T next() {
        Value word = pages.next();
        T same = lastMeaning;
        if (word != last || same == null) {
            same = known.computeIfAbsent(word, other -> meaning.apply(other.toString()));
            last = word;
            lastMeaning = same;
        }
        return same;
    }
}
