package dev.tidemark.cli.types;

import static dev.tidemark.cli.types.TypeCase.type;

import java.util.List;

/** Types of the extensions that come with PostgreSQL, in a schema that no search path names. */
final class ExtensionTypes {
    private ExtensionTypes() {}

    static List<String> extensions() {
        return List.of("citext", "hstore", "ltree", "cube", "seg", "isn", "intarray");
    }

    static List<TypeCase> all() {
        return List.of(
                type("ext.citext", "", "MiXed", "\\N", "Ünï"),
                type("ext.hstore", "", "a=>1, b=>NULL", "\"a \\\"b\\\"\"=>\"NULL\", \"\"=>\"\\\\\"")
                        .computed(
                                "(SELECT ext.hstore(array_agg(md5(i::text)), array_agg(i::text)) FROM generate_series(1, 200) i)"),
                type("ext.ltree", "", "a.b_1.C"),
                type("ext.lquery", "*", "a.*{1,2}.!b|c@*"),
                type("ext.ltxtquery", "a & !b@*"),
                type("ext.cube", "(0)", "(1,2),(3,4.5)", "()"),
                type("ext.seg", "1.10", "6.25 .. 7.0", "<1", "1 .."),
                type("ext.isbn13", "978-0-393-04002-9"),
                type("ext.ean13", "000-0000000000"),
                type("ext.query_int", "1&(2|!3)"));
    }
}
