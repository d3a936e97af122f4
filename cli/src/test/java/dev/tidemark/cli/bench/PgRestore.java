package dev.tidemark.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PostgreSQL's own logical backup: a directory dump of the source, and its parallel restore. */
record PgRestore(Path dump, Path restore, Path directory) {
    static final String NAME = "pg_restore -j2";

    static Optional<PgRestore> find(Path directory) throws IOException {
        Optional<Path> restore = Installed.find("pg_restore");
        return Installed.find("pg_dump")
                .flatMap(dump -> restore.map(found -> new PgRestore(dump, found, directory)));
    }

    void dump(Site site) throws IOException, InterruptedException {
        run(
                site,
                dump,
                List.of("-Fd", "-j2", "-f", directory.toString(), site.source().url().database()));
    }

    Duration restore(Site site, String database)
            throws IOException, InterruptedException, SQLException {
        site.create(database);
        return run(site, restore, List.of("-j2", "-d", database, directory.toString()));
    }

    private static Duration run(Site site, Path program, List<String> words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(site.connection());
        command.addAll(words);
        return site.commands().run(new ProcessBuilder(command));
    }
}
