package dev.tidemark.replay.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.content.SqlNames.QualifiedName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SqlNamesTest {
    private static final QualifiedName CONTACT = new QualifiedName("crm", "contact");

    private final SqlNames names =
            new SqlNames(
                    Map.of(
                            CONTACT,
                            new QualifiedName("crm", "c2"),
                            new QualifiedName("crm", "contact_id_seq"),
                            new QualifiedName("crm", "c2_id_seq")),
                    List.of(CONTACT),
                    Set.of("crm"));

    @Test
    void namesArePutInWhereverTheyAreNames() {
        assertThat(
                        names.in(
                                "ALTER TABLE ONLY crm.contact ADD FOREIGN KEY (a) REFERENCES crm.contact(id)"))
                .isEqualTo(
                        "ALTER TABLE ONLY \"crm\".\"c2\" ADD FOREIGN KEY (a) REFERENCES \"crm\".\"c2\"(id)");
        assertThat(names.in("nextval('crm.contact_id_seq'::regclass)"))
                .isEqualTo("nextval('\"crm\".\"c2_id_seq\"'::regclass)");
        assertThat(names.in("SELECT replace(p, '\\', '/') FROM crm.contact WHERE q = 'a'"))
                .isEqualTo("SELECT replace(p, '\\', '/') FROM \"crm\".\"c2\" WHERE q = 'a'");
        assertThat(names.in("SELECT contact.id FROM \"crm\".contact WHERE contact.stage = 'x'"))
                .isEqualTo("SELECT \"c2\".id FROM \"crm\".\"c2\" WHERE \"c2\".stage = 'x'");
    }

    @Test
    void textsBodiesAndOtherNamesStay() {
        for (String same :
                List.of(
                        "COMMENT ON COLUMN crm.contacts.mail IS 'of crm.contact, it''s'",
                        "CREATE FUNCTION crm.f() AS $a$ SELECT 1 FROM crm.contact $a$",
                        "SELECT E'\\'crm.contact' || other.contact",
                        "CREATE INDEX contact ON crm.\"Contact\" (contact)")) {
            assertThat(names.in(same)).isEqualTo(same);
        }
        assertThat(names.in("SELECT '" + "x".repeat(100_000) + "'")).hasSize(100_009);
    }

    @Test
    void anIndexIsNamedWithoutItsSchemaToo() {
        assertThat(
                        SqlNames.withIndexName(
                                "ALTER TABLE ONLY crm.t REPLICA IDENTITY USING INDEX t_pkey",
                                "t_pkey",
                                "u_pkey"))
                .isEqualTo("ALTER TABLE ONLY crm.t REPLICA IDENTITY USING INDEX \"u_pkey\"");
        assertThat(
                        SqlNames.withIndexName(
                                "CREATE UNIQUE INDEX t_pkey ON crm.t USING btree (t_pkey)",
                                "t_pkey",
                                "u_pkey"))
                .isEqualTo("CREATE UNIQUE INDEX \"u_pkey\" ON crm.t USING btree (t_pkey)");
    }
}
