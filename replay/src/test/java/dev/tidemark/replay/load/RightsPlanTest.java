package dev.tidemark.replay.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RightsPlanTest {
    private static final Set<RightsPart> ALL = EnumSet.allOf(RightsPart.class);

    @Test
    void eachRightComesAfterTheOneThatAllowsIt() {
        List<String> statements =
                plan(
                                18,
                                Set.of(),
                                table(
                                        "carl=r/bob",
                                        "bob=r*/dora",
                                        "dora=r*a/alice",
                                        "alice=arwdDxtm/alice"))
                        .statements();

        assertThat(statements)
                .containsExactly(
                        "ALTER TABLE \"s\".\"t\" OWNER TO \"alice\"",
                        "REVOKE ALL ON TABLE \"s\".\"t\" FROM PUBLIC, \"alice\"",
                        "GRANT SELECT ON TABLE \"s\".\"t\" TO \"dora\" WITH GRANT OPTION",
                        "GRANT INSERT ON TABLE \"s\".\"t\" TO \"dora\"",
                        "GRANT INSERT, SELECT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN"
                                + " ON TABLE \"s\".\"t\" TO \"alice\"",
                        "SET ROLE \"dora\"; GRANT SELECT ON TABLE \"s\".\"t\" TO \"bob\""
                                + " WITH GRANT OPTION; RESET ROLE",
                        "SET ROLE \"bob\"; GRANT SELECT ON TABLE \"s\".\"t\" TO \"carl\"; RESET ROLE");
    }

    @Test
    void aRoleThatIsNotThereIsNamedOnceAndTheUserTakesItsPlace() {
        List<Table> tables = new ArrayList<>();
        for (int i = 1; i < 6; i++) {
            tables.add(table(i, "t" + i, "alice", List.of("alice=r/alice", "bob=r/alice")));
        }

        RightsPlan plan = plan(18, Set.of("alice"), tables.toArray(Table[]::new));

        assertThat(plan.warnings())
                .containsExactly(
                        "the role alice does not exist here: it owned table s.t1, table s.t2, table s.t3 and 2 more");
        assertThat(plan.statements())
                .startsWith(
                        "REVOKE ALL ON TABLE \"s\".\"t1\" FROM PUBLIC, \"me\"",
                        "GRANT SELECT ON TABLE \"s\".\"t1\" TO \"me\"",
                        "GRANT SELECT ON TABLE \"s\".\"t1\" TO \"bob\"")
                .hasSize(15);
    }

    @Test
    void whatAMissingRoleGrantedComesFromTheOwner() {
        RightsPlan plan = plan(18, Set.of("bob"), table("bob=r*/alice", "carl=r/bob"));

        assertThat(plan.warnings())
                .containsExactly("the role bob does not exist here: it had rights to table s.t");
        assertThat(plan.statements())
                .endsWith("GRANT SELECT ON TABLE \"s\".\"t\" TO \"carl\"")
                .noneMatch(statement -> statement.contains("bob"));
    }

    @Test
    void anOwnerThatTheUserMayNotActAsIsNamed() {
        TargetRoles roles =
                new TargetRoles(
                        "me",
                        18,
                        Set.of("me", "alice", "bob"),
                        Set.of("me"),
                        Set.of("me"),
                        Set.of(),
                        Optional.empty());

        RightsPlan plan = RightsPlan.of(catalog(18, table("bob=r/alice")), roles, ALL);

        assertThat(plan.warnings())
                .containsExactly("the user may not act as the role alice: it owned table s.t");
        assertThat(plan.statements())
                .containsExactly(
                        "REVOKE ALL ON TABLE \"s\".\"t\" FROM PUBLIC, \"me\"",
                        "GRANT SELECT ON TABLE \"s\".\"t\" TO \"bob\"");
    }

    @Test
    void aRightThatAnOlderServerDoesNotHaveIsLeftOutAndNamed() {
        RightsPlan plan =
                RightsPlan.of(
                        catalog(18, table("bob=rm/alice", "=Q/alice")), roles(16, Set.of()), ALL);

        assertThat(plan.leftOut())
                .containsExactly(
                        "right MAINTAIN to table s.t for bob: this server does not have it",
                        "right Q to table s.t for PUBLIC: this server does not have it");
        assertThat(plan.statements()).endsWith("GRANT SELECT ON TABLE \"s\".\"t\" TO \"bob\"");
    }

    @Test
    void anOwnerMaintainsItsTablesWhereThatHasBecomeARight() {
        assertThat(plan(15, Set.of(), table("alice=r/alice")).statements())
                .endsWith("GRANT SELECT, MAINTAIN ON TABLE \"s\".\"t\" TO \"alice\"");
    }

    @Test
    void withoutOwnersTheUserTakesTheirPlace() {
        RightsPlan plan =
                RightsPlan.of(
                        catalog(18, table("bob=r/alice")),
                        roles(18, Set.of()),
                        EnumSet.of(RightsPart.PRIVILEGES));

        assertThat(plan.statements())
                .containsExactly(
                        "REVOKE ALL ON TABLE \"s\".\"t\" FROM PUBLIC, \"me\"",
                        "GRANT SELECT ON TABLE \"s\".\"t\" TO \"bob\"");
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void withoutPrivilegesOnlyOwnersComeBack() {
        RightsPlan plan =
                RightsPlan.of(
                        catalog(18, table("bob=r/alice")),
                        roles(18, Set.of()),
                        EnumSet.of(RightsPart.OWNERS));

        assertThat(plan.statements()).containsExactly("ALTER TABLE \"s\".\"t\" OWNER TO \"alice\"");
    }

    @Test
    void thePublicSchemaOfAnOldServerIsThatOfTheTargetUnlessSomebodyChoseOtherwise() {
        assertThat(publicPlan("root", "root=UC/root", "=UC/root")).isEmpty();
        assertThat(publicPlan("root", "root=UC/root", "=U/root"))
                .containsExactly(
                        "ALTER SCHEMA public OWNER TO \"root\"",
                        "REVOKE ALL ON SCHEMA public FROM PUBLIC, \"root\"",
                        "GRANT USAGE, CREATE ON SCHEMA public TO \"root\"",
                        "GRANT USAGE ON SCHEMA public TO PUBLIC");
        assertThat(publicPlan("alice", "alice=UC/alice", "=UC/alice"))
                .contains("ALTER SCHEMA public OWNER TO \"alice\"");
    }

    @Test
    void argumentsOfAnAggregateAreThoseOfAFunction() {
        assertThat(Secured.plainArguments("s.a(*)")).isEqualTo("s.a()");
        assertThat(Secured.plainArguments("s.a(integer, text)")).isEqualTo("s.a(integer, text)");
        assertThat(Secured.plainArguments("s.a(float8 ORDER BY anyelement)"))
                .isEqualTo("s.a(float8, anyelement)");
        assertThat(Secured.plainArguments("s.a(ORDER BY anyelement)")).isEqualTo("s.a(anyelement)");
        assertThat(Secured.plainArguments("s.a(VARIADIC \"any\" ORDER BY VARIADIC \"any\")"))
                .isEqualTo("s.a(VARIADIC \"any\")");
    }

    @Test
    void whatTheServerBringsAlongLosesAndGetsWhatWasChanged() {
        assertThat(languagePlan("root").statements())
                .containsExactly(
                        "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC",
                        "GRANT USAGE ON LANGUAGE plpgsql TO \"bob\" WITH GRANT OPTION",
                        "SET ROLE \"bob\"; GRANT USAGE ON LANGUAGE plpgsql TO \"carl\"; RESET ROLE");
    }

    @Test
    void onlyASuperuserChangesRightsToWhatTheServerBringsAlong() {
        RightsPlan plan = languagePlan("alice");

        assertThat(plan.statements()).isEmpty();
        assertThat(plan.leftOut())
                .containsExactly(
                        "rights to language plpgsql that were changed: only a superuser may change them");
    }

    private static RightsPlan languagePlan(String user) {
        CatalogObject language =
                new CatalogObject(
                        "rights to language",
                        13_000,
                        "",
                        "plpgsql",
                        List.of(),
                        CatalogObject.Stage.AFTER_ROWS,
                        List.of(),
                        "postgres",
                        List.of("bob=U*/postgres", "carl=U/bob"),
                        Optional.empty(),
                        "LANGUAGE plpgsql",
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of("=U/postgres", "nobody=U/postgres"));
        Set<String> roles = Set.of("root", "alice", "bob", "carl");
        return RightsPlan.of(
                new Catalog(catalog(18).server(), List.of(), List.of(language)),
                new TargetRoles(user, 18, roles, roles, roles, Set.of("root"), Optional.empty()),
                ALL);
    }

    private static List<String> publicPlan(String owner, String... grants) {
        CatalogObject schema =
                new CatalogObject(
                        "schema",
                        2200,
                        "public",
                        "public",
                        List.of("CREATE SCHEMA IF NOT EXISTS public"),
                        CatalogObject.Stage.BEFORE_ROWS,
                        List.of(),
                        owner,
                        List.of(grants),
                        Optional.empty(),
                        "SCHEMA public",
                        Optional.empty(),
                        Optional.empty());
        Catalog catalog = new Catalog(catalog(14).server(), List.of(), List.of(schema));
        return RightsPlan.of(catalog, roles(18, Set.of()), ALL).statements();
    }

    private static RightsPlan plan(int sourceMajor, Set<String> missing, Table... tables) {
        return RightsPlan.of(catalog(sourceMajor, tables), roles(18, missing), ALL);
    }

    private static TargetRoles roles(int major, Set<String> missing) {
        List<String> roles =
                new ArrayList<>(
                        List.of("me", "root", "alice", "bob", "carl", "dora", "pg_database_owner"));
        roles.removeAll(missing);
        return new TargetRoles(
                "me",
                major,
                Set.copyOf(roles),
                Set.copyOf(roles),
                Set.copyOf(roles),
                Set.of("me", "root"),
                Optional.of("pg_database_owner"));
    }

    private static Table table(String... grants) {
        return table(1, "t", "alice", List.of(grants));
    }

    private static Table table(long id, String name, String owner, List<String> grants) {
        return new Table(
                id,
                1,
                "s",
                name,
                "r",
                "p",
                "d",
                List.of(),
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                owner,
                grants,
                Optional.empty());
    }

    private static Catalog catalog(int major, Table... tables) {
        return new Catalog(
                new ServerSettings(
                        major * 10_000,
                        "UTF8",
                        "C",
                        "C",
                        "c",
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        List.of()),
                List.of(tables),
                List.of());
    }
}
