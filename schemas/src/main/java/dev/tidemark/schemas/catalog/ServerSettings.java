package dev.tidemark.schemas.catalog;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a database takes from its server and its creation, and what decides whether a restored one
 * sorts, compares and prints as the source did.
 *
 * @param version PostgreSQL's server_version_num, for example 180006
 * @param encoding as in {@code UTF8}
 * @param collation lc_collate
 * @param ctype lc_ctype
 * @param localeProvider c (libc), i (ICU) or b (builtin)
 * @param locale the name in an ICU or builtin provider
 * @param collationVersion the provider's version at the database's creation
 * @param extensions name to version
 * @param settings {@code name=value} that the database gives its sessions; listed, not restored
 */
public record ServerSettings(
        int version,
        String encoding,
        String collation,
        String ctype,
        String localeProvider,
        Optional<String> locale,
        Optional<String> collationVersion,
        Map<String, String> extensions,
        List<String> settings) {
    public ServerSettings {
        extensions = Collections.unmodifiableMap(new TreeMap<>(extensions));
        settings = List.copyOf(settings);
    }

    /** The same with other versions of extensions. */
    public ServerSettings withExtensions(Map<String, String> versions) {
        return new ServerSettings(
                version,
                encoding,
                collation,
                ctype,
                localeProvider,
                locale,
                collationVersion,
                versions,
                settings);
    }
}
