package dev.tidemark.cli.prepare;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.cli.prepare.Sources.Version;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** A prepared source after some commands, and what its log says from then on. */
record Watched(Database source, LogMessages log) implements AutoCloseable {
    static Watched after(Sources sources, Version version, String... commands) throws SQLException {
        Database source = sources.database(version);
        SourceNames names = SourceNames.of(source.url().database());
        Preparation.run(source, names, "capture", Optional.empty(), 1 << 20);
        Sources.execute(source, commands);
        return new Watched(source, new LogMessages(source, names.publication()));
    }

    /** In short what each message says that the commands cause. */
    List<String> says(String... commands) throws SQLException, IOException {
        Sources.execute(source, commands);
        return next();
    }

    /** The same of what was caused since. */
    List<String> next() throws SQLException, IOException {
        List<String> said = new ArrayList<>();
        for (LogMessages.Message message : log.next()) {
            said.add(
                    message.prefix().equals("tidemark.schema")
                            ? brief(CatalogChange.read(message.content()))
                            : message.prefix() + " " + message.content());
        }
        return said;
    }

    /** As PostgreSQL numbers it. */
    long id(String table) throws SQLException {
        return Long.parseLong(
                Sources.ask(source, "SELECT 'public.%s'::regclass::oid".formatted(table))
                        .getFirst());
    }

    private static String brief(CatalogChange change) {
        StringJoiner text = new StringJoiner(" ");
        text.add(change.command() + ":");
        for (Table table : change.tables()) {
            text.add(
                    table.columns().stream()
                            .map(Column::name)
                            .collect(Collectors.joining(",", table.name() + "(", ")")));
        }
        change.dropped().forEach(id -> text.add("dropped " + id));
        change.rewritten().forEach(id -> text.add("rewritten " + id));
        change.restated().forEach(id -> text.add("restated " + id));
        return text.toString();
    }

    @Override
    public void close() throws SQLException {
        log.close();
    }
}
