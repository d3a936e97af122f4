package dev.tidemark.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.tidemark.cli.command.ExitCode;
import dev.tidemark.schemas.change.Entry;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may see whom: the rules of docs/architecture.md, held against the compiled classes. */
final class ModuleRulesTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("dev.tidemark");

    private static final List<String> MODULES =
            List.of("schemas", "archive", "capture", "archiver", "replay", "cli");

    /** What only the process of the embedded broker needs; Kafka's clients are another matter. */
    private static final String[] KAFKA_SERVER = {
        "kafka..",
        "org.apache.kafka.controller..",
        "org.apache.kafka.image..",
        "org.apache.kafka.metadata..",
        "org.apache.kafka.raft..",
        "org.apache.kafka.server..",
        "org.apache.kafka.storage..",
        "org.apache.kafka.tools.."
    };

    private static final SliceAssignment PACKAGES =
            new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass one) {
                    return SliceIdentifier.of(one.getPackageName());
                }

                @Override
                public String getDescription() {
                    return "packages";
                }
            };

    /** A rule about classes that were not found would hold for nothing. */
    @Test
    void everyModuleIsLookedAt() {
        for (String module : MODULES) {
            assertThat(CLASSES.stream().map(JavaClass::getPackageName))
                    .anyMatch(name -> isIn(name, "dev.tidemark." + module));
        }
        assertThat(CLASSES.contain(Entry.class)).isTrue();
        assertThat(CLASSES.contain(ExitCode.class)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "schemas, ''",
        "archive, schemas",
        "capture, schemas",
        "archiver, schemas archive",
        "replay, schemas archive"
    })
    void aModuleSeesOnlyTheFormatsAndWhatRests(String module, String allowed) {
        List<String> seen = List.of(allowed.split(" "));
        String[] others =
                MODULES.stream()
                        .filter(other -> !other.equals(module) && !seen.contains(other))
                        .map(other -> "dev.tidemark." + other + "..")
                        .toArray(String[]::new);

        check(noClasses().that(areIn("dev.tidemark." + module)).should(see(others)));
    }

    @Test
    void schemasKnowsNoProcessNoKafkaAndNoParquet() {
        check(
                noClasses()
                        .that(areIn("dev.tidemark.schemas"))
                        .should(
                                see(
                                        "org.apache.kafka..",
                                        "kafka..",
                                        "org.apache.parquet..",
                                        "org.apache.hadoop..",
                                        "io.debezium..",
                                        "software.amazon..")));
    }

    @Test
    void debeziumIsSeenInCaptureSourceOnly() {
        onlyIn("dev.tidemark.capture.source", "io.debezium..", "org.apache.kafka.connect..");
    }

    @Test
    void parquetIsSeenInArchiveParquetOnly() {
        onlyIn(
                "dev.tidemark.archive.parquet",
                "org.apache.parquet..",
                "org.apache.hadoop..",
                "com.github.luben..");
    }

    @Test
    void awsIsSeenInArchiveStoreOnly() {
        onlyIn("dev.tidemark.archive.store", "software.amazon..");
    }

    @Test
    void tinkIsSeenInArchiveCryptOnly() {
        onlyIn("dev.tidemark.archive.crypt", "com.google.crypto..", "com.google.protobuf..");
    }

    @Test
    void theSqlParserIsSeenInReplayRowsOnly() {
        onlyIn("dev.tidemark.replay.rows", "net.sf.jsqlparser..");
    }

    @Test
    void theEditorOfLinesIsSeenInCliPromptOnly() {
        onlyIn("dev.tidemark.cli.prompt", "org.jline..");
    }

    @Test
    void kafkasServerIsSeenInCliEmbeddedOnly() {
        onlyIn("dev.tidemark.cli.embedded", KAFKA_SERVER);
    }

    @Test
    void avroIsSeenInSchemasLogOnly() {
        onlyIn("dev.tidemark.schemas.log", "org.apache.avro..");
    }

    @Test
    void micrometerAndTheHttpServerAreSeenInCliMetricsOnly() {
        onlyIn(
                "dev.tidemark.cli.metrics",
                "io.micrometer..",
                "io.prometheus..",
                "com.sun.net.httpserver..");
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().assignedFrom(PACKAGES).should().beFreeOfCycles());
    }

    @Test
    void everyPackageIsNullMarked() {
        var unmarked = new TreeSet<String>();
        CLASSES.forEach(
                one -> {
                    if (!one.getPackage().isAnnotatedWith(NullMarked.class)) {
                        unmarked.add(one.getPackageName());
                    }
                });

        assertThat(unmarked).as("packages without a package-info with @NullMarked").isEmpty();
    }

    @Test
    void namesSayWhatAClassDoes() {
        check(
                noClasses()
                        .should()
                        .haveNameMatching(".*(Util|Utils|Helper|Manager|Processor|Impl)"));
        check(noClasses().should().resideInAnyPackage("..util..", "..impl..", "..model.."));
    }

    @Test
    void onlyTheEntrancesEndTheProcess() {
        DescribedPredicate<JavaClass> entrance =
                simpleName("Main").or(simpleName("Shutdown")).or(simpleName("BrokerProcess"));

        check(
                noClasses()
                        .that(not(entrance))
                        .should()
                        .callMethod(System.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "halt", int.class));
    }

    @Test
    void errorsAndLogsGoOneWay() {
        check(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
        check(
                noClasses()
                        .should()
                        .callMethod(Throwable.class, "printStackTrace")
                        .because("ErrorReport prints errors, on the stream that it was given"));
    }

    private static void onlyIn(String home, String... guests) {
        DescribedPredicate<JavaClass> isHome =
                describe("are in " + home, one -> one.getPackageName().equals(home));
        DescribedPredicate<JavaClass> isGuest = resideInAnyPackage(guests);

        assertThat(CLASSES.that(isHome).stream())
                .as("a rule about what nobody uses would hold for nothing")
                .anyMatch(
                        one ->
                                one.getDirectDependenciesFromSelf().stream()
                                        .anyMatch(to -> isGuest.test(to.getTargetClass())));
        check(noClasses().that(not(isHome)).should(dependOnClassesThat(isGuest)));
    }

    private static DescribedPredicate<JavaClass> areIn(String module) {
        return describe("are in " + module, one -> isIn(one.getPackageName(), module));
    }

    private static ArchCondition<JavaClass> see(String... packages) {
        return dependOnClassesThat(resideInAnyPackage(packages));
    }

    private static boolean isIn(String name, String parent) {
        return name.equals(parent) || name.startsWith(parent + ".");
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
