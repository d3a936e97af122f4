package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.cli.output.JsonOutput;
import dev.tidemark.replay.content.Extent;
import dev.tidemark.replay.content.PartRequest;
import dev.tidemark.replay.content.Selection;
import dev.tidemark.replay.content.TablePattern;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.replay.salvage.Losses;
import dev.tidemark.schemas.ProgramVersion;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What programs read of a restore and of its plan. */
final class RestoreViewTest {
    private static final Instant COMMITTED = Instant.parse("2026-11-20T13:59:03Z");

    private static final RestoreView.Run RUN =
            new RestoreView.Run(
                    RestoreView.Run.NOT_WHOLE,
                    RestoreView.Began.of(
                            DatabaseUrl.parse("postgresql://me@staging:5432/crm"),
                            Optional.of(
                                    RestoredPart.of(
                                            new PartRequest(
                                                    new Selection(
                                                            List.of(TablePattern.parse("crm.*")),
                                                            List.of(),
                                                            List.of(TablePattern.parse("log")),
                                                            List.of()),
                                                    List.of(),
                                                    Extent.ALL))),
                            Instant.parse("2026-11-20T14:00:00Z")),
                    Instant.parse("2026-11-20T14:00:10Z"));

    @Test
    void aReportHasChecksumsAsTextAndPhasesInOrder() {
        RestoreReport report =
                new RestoreReport(
                        "to latest",
                        Position.parse("0/7D0").orElseThrow(),
                        COMMITTED,
                        Optional.empty(),
                        List.of(
                                new RestoreReport.RestoredTable(
                                        "crm.tag", new RowsChecksum(2, -1, 16))),
                        List.of(),
                        List.of("crm.note"),
                        List.of(),
                        Map.of(
                                RestorePhase.CHECK, Duration.ofSeconds(4),
                                RestorePhase.CONSTRAINTS, Duration.ofSeconds(3),
                                RestorePhase.ROWS, Duration.ofSeconds(2),
                                RestorePhase.SCHEMA, Duration.ofSeconds(1)),
                        7);

        Untold untold =
                new Untold(
                        Position.parse("0/7D0").orElseThrow(),
                        Position.parse("0/3E8").orElseThrow(),
                        Position.parse("0/BB8").orElseThrow(),
                        COMMITTED,
                        List.of(),
                        List.of(),
                        List.of("view a.b"),
                        true,
                        Optional.empty());

        assertThat(
                        JsonOutput.text(
                                RestoreView.of(
                                        report,
                                        untold,
                                        Losses.NONE,
                                        List.of(),
                                        List.of("view a.v"),
                                        RUN)))
                .isEqualToNormalizingNewlines(
                        """
                        {
                          "moment" : "to latest",
                          "cut" : "0/7D0",
                          "commitTime" : "2026-11-20T13:59:03Z",
                          "next" : null,
                          "tables" : [ {
                            "name" : "crm.tag",
                            "rows" : 2,
                            "checksum" : "ffffffffffffffff0000000000000010"
                          } ],
                          "leftOut" : [ ],
                          "withoutRows" : [ "crm.note" ],
                          "notKnown" : [ "view a.b: a look at 0/BB8 (2026-11-20T13:59:03Z) found it changed since 0/3E8, and nothing told when" ],
                          "notInPart" : [ "view a.v" ],
                          "warnings" : [ "the source's schema was last read whole for the base: a change since then that no trigger told of would not be known yet" ],
                          "losses" : {
                            "tables" : [ ],
                            "after" : null
                          },
                          "masked" : [ ],
                          "durations" : {
                            "SCHEMA" : "PT1S",
                            "ROWS" : "PT2S",
                            "CONSTRAINTS" : "PT3S",
                            "CHECK" : "PT4S"
                          },
                          "bytes" : 7,
                          "outcome" : "not whole",
                          "failure" : null,
                          "part" : {
                            "what" : "tables with rows",
                            "tables" : [ "crm.*" ],
                            "schemas" : [ ],
                            "excludedTables" : [ "log" ],
                            "excludedSchemas" : [ ],
                            "renamed" : [ ]
                          },
                          "beside" : null,
                          "version" : "%s",
                          "target" : "postgresql://me@staging:5432/crm",
                          "began" : "2026-11-20T14:00:00Z",
                          "ended" : "2026-11-20T14:00:10Z"
                        }"""
                                .formatted(ProgramVersion.text()));
    }

    @Test
    void aPlanNamesTheCutAsAReportDoes() {
        PlanView plan =
                new PlanView(
                        "to latest",
                        Position.parse("0/3E8").orElseThrow(),
                        5,
                        4,
                        1,
                        2,
                        100,
                        Position.parse("0/7D0").orElseThrow(),
                        Optional.of(COMMITTED),
                        3,
                        Optional.empty(),
                        new Losses(
                                List.of(new Losses.LostRows("crm.note", 5, 7)),
                                Optional.of(new Losses.LostTime(COMMITTED, COMMITTED, 2, 3, 4))));

        assertThat(JsonOutput.text(plan))
                .isEqualToNormalizingNewlines(
                        """
                        {
                          "moment" : "to latest",
                          "base" : "0/3E8",
                          "baseRows" : 5,
                          "tableBases" : 4,
                          "segments" : 1,
                          "changes" : 2,
                          "bytes" : 100,
                          "cut" : "0/7D0",
                          "commitTime" : "2026-11-20T13:59:03Z",
                          "transactionsLeftOut" : 3,
                          "firstLeftOut" : null,
                          "losses" : {
                            "tables" : [ {
                              "table" : "crm.note",
                              "baseRows" : 5,
                              "unreadable" : 7
                            } ],
                            "after" : {
                              "from" : "2026-11-20T13:59:03Z",
                              "to" : "2026-11-20T13:59:03Z",
                              "segments" : 2,
                              "transactions" : 3,
                              "changes" : 4
                            }
                          }
                        }""");
    }
}
