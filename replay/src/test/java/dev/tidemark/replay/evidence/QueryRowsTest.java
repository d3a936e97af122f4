package dev.tidemark.replay.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.tidemark.replay.query.Answer;
import dev.tidemark.replay.query.AnswerColumn;
import dev.tidemark.replay.query.Cell;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryRowsTest {
    @ParameterizedTest
    @CsvSource({
        "BOOLEAN,true,boolean,t",
        "TIMESTAMP WITH TIME ZONE,2026-11-20T12:00:00.500Z,timestamp with time zone,2026-11-20 12:00:00.5+00",
        "TIMESTAMP WITH TIME ZONE,infinity,timestamp with time zone,infinity",
        "TIMESTAMP,2026-11-20T12:00,timestamp without time zone,2026-11-20 12:00:00",
        "TIME,12:00,time without time zone,12:00:00",
        "TIME,24:00:00,time without time zone,24:00:00",
        "'DECIMAL(10,2)',1.50,'numeric(10,2)',1.50",
        "HUGEINT,7,'numeric(38,0)',7",
        "INTEGER[],[1],json,[1]",
        "INTERVAL,1 month,text,1 month"
    })
    void aValueIsWrittenAsPostgresWritesIt(String type, String text, String as, String written) {
        Answer answer =
                new Answer(
                        List.of(new AnswerColumn("v", type, false)),
                        List.of(List.of(new Cell(new TextNode(text), text))),
                        false);

        AnswerRows rows = QueryRows.of(answer);

        assertThat(rows.columns()).containsExactly(new AnswerRows.Column("v", as));
        assertThat(rows.rows().getFirst().getFirst()).hasToString(written);
    }
}
