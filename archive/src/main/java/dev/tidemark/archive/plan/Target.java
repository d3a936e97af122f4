package dev.tidemark.archive.plan;

/**
 * Where to go.
 *
 * @param before stop just before the moment, else include it
 */
public record Target(Moment moment, boolean before) {
    @Override
    public String toString() {
        return (before ? "before " : "to ") + moment;
    }
}
