package dev.tidemark.cli.types;

import dev.tidemark.cli.differential.DatabaseImage;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What happens to the tables of some types, before a source is prepared and after. */
record TypeHistory(List<TypeTables> tables) {
    static final List<TypeCase> ALL =
            Stream.of(
                            BuiltInTypes.numbers(),
                            BuiltInTypes.texts(),
                            BuiltInTypes.times(),
                            BuiltInTypes.places(),
                            BuiltInTypes.rows(),
                            BuiltInTypes.ranges(),
                            BuiltInTypes.arrays(),
                            BuiltInTypes.made(),
                            ExtensionTypes.all())
                    .flatMap(List::stream)
                    .toList();

    static TypeHistory of(Release release, List<TypeCase> types) {
        return new TypeHistory(
                types.stream()
                        .filter(type -> type.versionMin() <= release.version())
                        .map(TypeTables::new)
                        .toList());
    }

    void beforeInit(Database source) throws SQLException {
        List<String> statements = new ArrayList<>(prelude());
        for (TypeTables one : tables) {
            statements.addAll(one.create());
            statements.addAll(one.insert("base"));
        }
        run(source, statements);
    }

    /** One transaction for each. */
    void afterInit(Database source) throws SQLException {
        for (TypeTables one : tables) {
            run(source, one.insert("stream"));
            run(source, one.change("base"));
            run(source, one.change("stream"));
        }
    }

    private static List<String> prelude() {
        List<String> statements =
                new ArrayList<>(
                        List.of(
                                "CREATE SCHEMA types",
                                "CREATE SCHEMA ext",
                                """
                                CREATE PROCEDURE types.store_outside(relation regclass) LANGUAGE plpgsql AS $$
                                DECLARE
                                    field name;
                                BEGIN
                                    FOR field IN SELECT attname FROM pg_attribute
                                                  WHERE attrelid = relation AND attnum > 0 AND attstorage IN ('m', 'x')
                                    LOOP
                                        EXECUTE format('ALTER TABLE %s ALTER %I SET STORAGE EXTERNAL', relation, field);
                                    END LOOP;
                                END $$"""));
        for (String extension : ExtensionTypes.extensions()) {
            statements.add("CREATE EXTENSION " + extension + " SCHEMA ext");
        }
        return statements;
    }

    static void run(Database database, List<String> statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET standard_conforming_strings = on");
            connection.setAutoCommit(false);
            for (String sql : statements) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    throw new SQLException(sql + ": " + e.getMessage(), e.getSQLState(), e);
                }
            }
            connection.commit();
        }
    }

    static DatabaseImage image(Database database, Set<String> kinds) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            return DatabaseImage.read(connection, kinds);
        }
    }
}
