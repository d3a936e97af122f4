package dev.tidemark.replay.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UserScriptTest {
    @Test
    void aScriptIsSplitWhereAStatementEnds() {
        UserScript script =
                UserScript.parse(
                        "quiet.sql",
                        """
                        -- a comment; with a semicolon
                        UPDATE hook SET url = 'a;b''c'; /* one /* inside; */ another; */
                        DELETE FROM "odd;name" WHERE x = E'it\\'s;';;

                        DO $$ BEGIN PERFORM 1; END $$;
                        CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql
                          BEGIN ATOMIC SELECT CASE WHEN a > 0 THEN 1 END; SELECT 2; END;
                        CREATE RULE r AS ON DELETE TO t DO ALSO (SELECT 1; SELECT 2);
                        SELECT $1$ || $a$;$a$
                        """
                                .replace("$1$ || ", ""));

        assertThat(script.statements())
                .containsExactly(
                        new UserScript.Statement(2, "UPDATE hook SET url = 'a;b''c'"),
                        new UserScript.Statement(
                                3, "DELETE FROM \"odd;name\" WHERE x = E'it\\'s;'"),
                        new UserScript.Statement(5, "DO $$ BEGIN PERFORM 1; END $$"),
                        new UserScript.Statement(
                                6,
                                """
                                CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql
                                  BEGIN ATOMIC SELECT CASE WHEN a > 0 THEN 1 END; SELECT 2; END"""),
                        new UserScript.Statement(
                                8, "CREATE RULE r AS ON DELETE TO t DO ALSO (SELECT 1; SELECT 2)"),
                        new UserScript.Statement(9, "SELECT $a$;$a$"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 1;~\\connect other | the script q.sql has '\\connect other' in line 2, which is a command of psql",
                "SELECT 1 \\gx | the script q.sql has '\\gx' in line 1, which is a command of psql",
                "SELECT 'a | the script q.sql cannot be read: ''' in line 1 is not closed",
                "~~DO $x$ BEGIN | the script q.sql cannot be read: '$x$' in line 3 is not closed",
                "/* /* */ | the script q.sql cannot be read: '/*' in line 1 is not closed",
                "SELECT 1; COMMIT; | the script q.sql has 'COMMIT' in line 1",
                "begin; | the script q.sql has 'begin' in line 1"
            })
    void whatIsNoSqlIsRefusedWithItsLine(String text, String message) {
        assertThatThrownBy(() -> UserScript.parse("q.sql", text.replace('~', '\n')))
                .hasMessage(message);
    }
}
