package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.differential.Site;
import dev.tidemark.cli.embedded.Release;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Security labels come back, by a provider that is compiled for this. */
final class SecurityLabelsIT {
    private static final List<String> COMPILERS = List.of("/usr/bin/cc", "/usr/bin/gcc");
    private static final String LABELS =
            "SELECT string_agg(concat_ws(' ', objtype, objname, provider, label), E'\\n' ORDER BY 1)"
                    + " FROM (SELECT * FROM pg_seclabels ORDER BY objtype, objname) l";

    @TempDir private static Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void labelsOfEveryKindComeBack(boolean isNewest) throws Exception {
        Release release = isNewest ? Release.NEWEST : Release.OLDEST;
        Path provider = compiled(release);
        try (Deployment tidemark =
                Deployment.start(
                        directory.resolve("on-" + release.version()),
                        release.binaries(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}")) {
            preload(tidemark, "crm", provider);
            label(tidemark, "before");
            tidemark.succeed("init");
            tidemark.service("run");
            label(tidemark, "after");
            tidemark.execute(
                    "crm",
                    "SECURITY LABEL ON COLUMN before.deal.id IS NULL; SECURITY LABEL ON FUNCTION before.f(int, text) IS NULL;"
                            + " ALTER TABLE before.deal RENAME TO \"De al\"; ALTER SCHEMA before RENAME TO early;"
                            + " DROP FUNCTION after.f(int, text); DROP VIEW after.v; DROP TABLE after.gone");
            tidemark.execute("crm", Site.LOOK); // nothing else tells of labels of event triggers
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);
            String labels = tidemark.ask("crm", LABELS);

            tidemark.execute("postgres", "CREATE DATABASE labelled");
            preload(tidemark, "labelled", provider);
            tidemark.succeed("restore", "--to", "latest", "--into", url(tidemark, "labelled"));
            tidemark.execute("postgres", "CREATE DATABASE bare");
            Outcome bare =
                    tidemark.tidemark("restore", "--to", "latest", "--into", url(tidemark, "bare"));

            assertThat(labels.lines()).hasSizeGreaterThan(10);
            assertThat(tidemark.ask("labelled", LABELS)).isEqualTo(labels);
            assertThat(bare.code()).isEqualTo(1);
            assertThat(bare.err())
                    .contains(
                            "labels of relation early.\"De al\": security label provider \"any provider\" is not loaded");
            assertThat(tidemark.ask("bare", LABELS)).isNull();
            assertThat(kinds(tidemark))
                    .isEqualTo(
                            FidelityDoc.with(FidelityDoc.objects(), "exact").stream()
                                    .filter(kind -> kind.startsWith("labels of "))
                                    .collect(java.util.stream.Collectors.toSet()));
        }
    }

    private static void label(Deployment tidemark, String schema) throws Exception {
        String names = schema.equals("before") ? "" : "_" + schema;
        for (String command :
                List.of(
                        "CREATE SCHEMA {s}",
                        "CREATE TABLE {s}.deal (id int PRIMARY KEY, \"N o\" text)",
                        "CREATE TABLE {s}.gone (id int PRIMARY KEY)",
                        "CREATE VIEW {s}.v AS SELECT id FROM {s}.deal",
                        "CREATE MATERIALIZED VIEW {s}.m AS SELECT id FROM {s}.deal",
                        "CREATE SEQUENCE {s}.q",
                        "CREATE FUNCTION {s}.f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                        "CREATE PROCEDURE {s}.p() LANGUAGE sql AS 'SELECT 1'",
                        "CREATE AGGREGATE {s}.a(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0')",
                        "CREATE TYPE {s}.e AS ENUM ('x')",
                        "CREATE TYPE {s}.c AS (x int)",
                        "CREATE DOMAIN {s}.d AS int",
                        "CREATE FUNCTION {s}.t() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
                        "CREATE EVENT TRIGGER act{n} ON table_rewrite EXECUTE FUNCTION {s}.t()",
                        "CREATE PUBLICATION pub{n} FOR TABLE {s}.deal",
                        "SECURITY LABEL ON SCHEMA {s} IS 'of schema'",
                        "SECURITY LABEL ON TABLE {s}.deal IS 'it''s of \"table\"'",
                        "SECURITY LABEL FOR \"any provider\" ON COLUMN {s}.deal.\"N o\" IS 'of column'",
                        "SECURITY LABEL ON COLUMN {s}.deal.id IS 'of id'",
                        "SECURITY LABEL ON TABLE {s}.gone IS 'of gone'",
                        "SECURITY LABEL ON VIEW {s}.v IS 'of view'",
                        "SECURITY LABEL ON COLUMN {s}.v.id IS 'of view column'",
                        "SECURITY LABEL ON MATERIALIZED VIEW {s}.m IS 'of materialized view'",
                        "SECURITY LABEL ON SEQUENCE {s}.q IS 'of sequence'",
                        "SECURITY LABEL ON FUNCTION {s}.f(int, text) IS 'of function'",
                        "SECURITY LABEL ON PROCEDURE {s}.p() IS 'of procedure'",
                        "SECURITY LABEL ON AGGREGATE {s}.a(*) IS 'of aggregate'",
                        "SECURITY LABEL ON TYPE {s}.e IS 'of enum'",
                        "SECURITY LABEL ON TYPE {s}.c IS 'of composite'",
                        "SECURITY LABEL ON DOMAIN {s}.d IS 'of domain'",
                        "SECURITY LABEL ON LANGUAGE plpgsql IS 'of language {s}'",
                        "SECURITY LABEL ON PUBLICATION pub{n} IS 'of publication'",
                        "SECURITY LABEL ON EVENT TRIGGER act{n} IS 'of event trigger'")) {
            tidemark.execute("crm", command.replace("{s}", schema).replace("{n}", names));
        }
    }

    private static Set<String> kinds(Deployment tidemark) throws IOException {
        Set<String> kinds = new TreeSet<>();
        try (Archive archive = Archive.open(tidemark.store())) {
            Fold.catalog(archive, archive.state().catalog().orElseThrow())
                    .objects()
                    .forEach(object -> kinds.add(object.kind()));
        }
        kinds.removeIf(kind -> !kind.startsWith("labels of "));
        return kinds;
    }

    private static void preload(Deployment tidemark, String database, Path provider)
            throws Exception {
        tidemark.execute(
                "postgres",
                "ALTER DATABASE %s SET session_preload_libraries = '%s'"
                        .formatted(database, provider));
    }

    private static String url(Deployment tidemark, String database) {
        return tidemark.database(database).url().toString();
    }

    private static Path compiled(Release release) throws IOException, InterruptedException {
        assumeTrue(COMPILERS.stream().anyMatch(file -> Files.isExecutable(Path.of(file))), "no cc");
        String compiler =
                COMPILERS.stream()
                        .filter(file -> Files.isExecutable(Path.of(file)))
                        .findFirst()
                        .orElseThrow();
        Path source = directory.resolve("label-provider.c");
        try (InputStream in = SecurityLabelsIT.class.getResourceAsStream("label-provider.c")) {
            Files.write(source, in.readAllBytes());
        }
        Path library = directory.resolve("label-provider-" + release.version() + ".so");
        Process process =
                new ProcessBuilder(
                                compiler,
                                "-shared",
                                "-fPIC",
                                "-DVERSION=" + release.version(),
                                "-o",
                                library.toString(),
                                source.toString())
                        .inheritIO()
                        .start();
        assertThat(process.waitFor()).isZero();
        return library;
    }
}
