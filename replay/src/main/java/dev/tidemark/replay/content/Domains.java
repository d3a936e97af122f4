package dev.tidemark.replay.content;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the domains of a database are over, by the statements that make them. Immutable. */
public final class Domains {
    /**
     * What can come after the type. In a quoted name it would cut that short, and then it is no
     * name of a type that anybody knows.
     */
    private static final Pattern REST =
            Pattern.compile(" (COLLATE|DEFAULT|CONSTRAINT|NOT NULL)\\b.*", Pattern.DOTALL);

    private final Map<String, String> bases;

    private Domains(Map<String, String> bases) {
        this.bases = Map.copyOf(bases);
    }

    /** Those of a catalog. */
    public static Domains of(Catalog catalog) {
        Map<String, String> bases = new HashMap<>();
        for (CatalogObject object : catalog.objects()) {
            String start = "CREATE " + object.address() + " AS ";
            if (object.kind().equals("domain")
                    && !object.definition().isEmpty()
                    && object.definition().getFirst().startsWith(start)) {
                String type = object.definition().getFirst().substring(start.length());
                String name = object.address().substring("DOMAIN ".length());
                bases.put(name, REST.matcher(type).replaceFirst(""));
            }
        }
        return new Domains(bases);
    }

    /** The types of a table's stored columns; of a domain that it is over. */
    public List<String> types(Table table) {
        return table.stored().stream().map(column -> base(column.type())).toList();
    }

    /** A type, or what it is over if it is a domain. */
    public String base(String type) {
        String base = type;
        for (int n = 0; n < bases.size() && bases.containsKey(base); n++) { // of one over another
            base = bases.getOrDefault(base, base);
        }
        return base;
    }

    /** The domains that a type is, from itself down to what it is over. */
    public List<String> chain(String type) {
        List<String> chain = new ArrayList<>();
        String next = type;
        while (bases.containsKey(next) && !chain.contains(next)) {
            chain.add(next);
            next = bases.getOrDefault(next, next);
        }
        return chain;
    }
}
