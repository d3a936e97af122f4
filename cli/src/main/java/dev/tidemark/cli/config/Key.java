package dev.tidemark.cli.config;

/**
 * One thing that can be set.
 *
 * @param path with dots: {@code source.url}
 * @param description whole sentences
 */
record Key<T>(String path, ValueType<T> type, Fallback fallback, String description) {
    /** What holds when the key is not given. */
    sealed interface Fallback {
        /** The section is not complete without it. */
        record Required() implements Fallback {}

        /** This text, as if it had been given. */
        record Text(String text) implements Fallback {}

        /** Something that depends on other things. */
        record Derived(String description) implements Fallback {}
    }

    static <T> Key<T> required(String path, ValueType<T> type, String description) {
        return new Key<>(path, type, new Fallback.Required(), description);
    }

    static <T> Key<T> optional(
            String path, ValueType<T> type, String fallback, String description) {
        return new Key<>(path, type, new Fallback.Text(fallback), description);
    }

    static <T> Key<T> derived(String path, ValueType<T> type, String fallback, String description) {
        return new Key<>(path, type, new Fallback.Derived(fallback), description);
    }

    boolean isRequired() {
        return fallback instanceof Fallback.Required;
    }
}
