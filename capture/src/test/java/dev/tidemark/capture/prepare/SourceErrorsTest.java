package dev.tidemark.capture.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class SourceErrorsTest {
    private static SQLException told(String where) {
        return new PSQLException(
                new ServerErrorMessage(
                        "SERROR\0C55P03\0Mcanceling statement due to lock timeout\0"
                                + where
                                + "\0"));
    }

    @Test
    void theTableThatCouldNotBeLockedIsTheOneOfTheStatement() {
        assertThat(
                        SourceErrors.lockedTable(
                                told(
                                        """
                                        WSQL-Anweisung »LOCK TABLE ONLY crm."Deal in" IN ACCESS SHARE MODE«
                                        PL/pgSQL-Funktion tidemark.lock_tables(bigint[]) Zeile 19 bei EXECUTE""")))
                .hasValue("crm.\"Deal in\"");
    }

    @Test
    void whereNoStatementIsToldNoTableIs() {
        assertThat(SourceErrors.lockedTable(told("Rline"))).isEmpty();
        assertThat(SourceErrors.lockedTable(told("WPL/pgSQL function other() line 3"))).isEmpty();
        assertThat(SourceErrors.lockedTable(new SQLException("no server"))).isEmpty();
    }
}
