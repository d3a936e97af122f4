package dev.tidemark.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** PostgreSQL's own client, which throws away what it reads: the most that the server can give. */
record PgRecvlogical(Site site, Path program) implements Contender {
    private static final String NAME = "pg_recvlogical";

    static Optional<Contender> find(Site site) throws IOException {
        return Installed.find(NAME).map(program -> new PgRecvlogical(site, program));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration read(Leg leg, String slot) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        program.toString(),
                        "--start",
                        "--no-loop",
                        "--slot=" + slot,
                        "--endpos=" + leg.end(),
                        "--file=/dev/null",
                        "--option=proto_version=1",
                        "--option=messages=true",
                        "--option=publication_names=" + site.parts().names().publication(),
                        "--host=127.0.0.1",
                        "--port=" + site.postgres().port(),
                        "--username=" + site.postgres().superuser(),
                        "--dbname=" + site.source().url().database());
        long start = System.nanoTime();
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(LEG_MAX.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(program + " failed: " + said);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
