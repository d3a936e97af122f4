package dev.tidemark.archive.manifest;

import java.util.List;

/**
 * What a step of expiring does to the manifests before it.
 *
 * @param expires numbers of manifests of bases and segments that are in force no more. Of a {@code
 *     BASE} the rows are gone, and its manifest goes on to say where its stretch begins
 * @param collected as in {@link Merged}: files that only manifests name which are in force no more
 *     may be deleted from here on, as far as the one that ended that has a number up to this; −1
 *     for none
 */
public record Expiry(List<Merged.Range> expires, long collected) implements Statement {
    public Expiry {
        expires = List.copyOf(expires);
    }

    boolean expires(long number) {
        return expires.stream().anyMatch(range -> range.contains(number));
    }
}
