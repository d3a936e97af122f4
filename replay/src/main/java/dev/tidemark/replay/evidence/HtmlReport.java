package dev.tidemark.replay.evidence;

import dev.tidemark.replay.evidence.AskedWindow.AskedMoment;
import dev.tidemark.replay.evidence.AskedWindow.UnknownTime;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

/**
 * The page of a bundle that a person reads and prints: one file, without scripts, that asks for
 * nothing from elsewhere. For one thread.
 */
final class HtmlReport {
    private final BundleFacts facts;
    private final Writer html;

    HtmlReport(BundleFacts facts, Writer html) {
        this.facts = facts;
        this.html = html;
    }

    void write() throws IOException {
        AnsweredQuestion question = facts.question();
        html.write(head(HtmlText.of(question.title())));
        html.write("<h1>%s</h1>\n".formatted(HtmlText.of(question.title())));
        html.write("<p>%s</p>\n".formatted(HtmlText.of(question.words())));
        html.write("<p><code>%s</code></p>\n".formatted(HtmlText.of(question.command())));
        writeWindow(question.window());
        html.write("<h2>Answer</h2>\n");
        new HtmlRows(question.rows()).write(html);
        list("Who acts", question.actors());
        list("What has to be known", question.notes());
        writeProof(facts.provenance());
        html.write(
                "<p>Written by tidemark %s. How to check it: README.txt.</p>\n</body>\n</html>\n"
                        .formatted(HtmlText.of(facts.version())));
    }

    private static String head(String title) {
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>%s</title>
            <style>
            body { font: 11pt/1.4 sans-serif; color: #111; max-width: 75em; margin: 2em auto; padding: 0 1em; }
            h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 1.8em; border-bottom: 1px solid #999; }
            table { border-collapse: collapse; margin: .6em 0; }
            th, td { border: 1px solid #bbb; padding: .2em .5em; text-align: left; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; }
            th { background: #eee; } table.facts th { white-space: nowrap; }
            code { font-family: monospace; overflow-wrap: anywhere; white-space: pre-wrap; } i { color: #555; }
            @media print { body { font-size: 9pt; margin: 0; max-width: none; } thead { display: table-header-group; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
            @page { margin: 15mm; }
            </style>
            </head>
            <body>
            """
                .formatted(title);
    }

    private void writeWindow(AskedWindow window) throws IOException {
        html.write("<h2>Time</h2>\n<table class=\"facts\">\n");
        html.write(header(List.of("moment", "as asked", "position", "last commit up to it")));
        for (AskedMoment moment : window.moments()) {
            html.write(
                    row(
                            List.of(
                                    moment.name(),
                                    moment.asked(),
                                    moment.position().toString(),
                                    moment.committed().toString())));
        }
        html.write("</table>\n<p>All times are UTC, by the source's clock");
        html.write(
                facts.timezone()
                        .map(
                                zone ->
                                        "; times without an offset in the question are those of "
                                                + HtmlText.of(zone))
                        .orElse(""));
        html.write(".</p>\n");
        writeUnknown(window.unknown());
    }

    private void writeUnknown(List<UnknownTime> unknown) throws IOException {
        if (unknown.isEmpty()) {
            html.write("<p>The archive holds all of this time: there is no gap in it.</p>\n");
            return;
        }
        html.write("<p><strong>Not known of this time:</strong></p>\n<table class=\"facts\">\n");
        html.write(header(List.of("after", "until", "why")));
        for (UnknownTime one : unknown) {
            html.write(
                    row(
                            List.of(
                                    place(one.after().map(Object::toString), one.from()),
                                    place(
                                            Optional.of(one.until().toString()),
                                            Optional.of(one.to())),
                                    one.reason())));
        }
        html.write("</table>\n");
    }

    private static String place(Optional<String> time, Optional<?> position) {
        return time.map(known -> known + position.map(at -> " (" + at + ")").orElse(""))
                .orElse("the beginning");
    }

    private void list(String title, List<String> lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        html.write("<h2>%s</h2>\n<ul>\n".formatted(title));
        for (String line : lines) {
            html.write("<li>%s</li>\n".formatted(HtmlText.of(line)));
        }
        html.write("</ul>\n");
    }

    private void writeProof(Provenance from) throws IOException {
        html.write("<h2>Where it comes from</h2>\n<table class=\"facts\">\n");
        fact("source", from.source() + ", database " + from.database());
        fact("cluster", from.systemId());
        fact("archive", "SHA-256 of tidemark.json " + from.archive());
        fact("manifests", "0 to " + from.last() + ", each naming the hash of the one before it");
        fact("newest manifest", "SHA-256 " + from.hash());
        fact("signatures", signatures(from));
        html.write("</table>\n");
        writeManifests(from);
        writeFiles(from);
    }

    private void fact(String name, String text) throws IOException {
        html.write(
                "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n"
                        .formatted(name, HtmlText.of(text)));
    }

    private static String signatures(Provenance from) {
        if (from.signers().isEmpty()) {
            return "no manifest is signed";
        }
        String signed =
                String.join(
                        ", ",
                        from.signers().stream()
                                .map(
                                        one ->
                                                "%d by the key %s (%d to %d)"
                                                        .formatted(
                                                                one.manifests(),
                                                                one.signer(),
                                                                one.first(),
                                                                one.last()))
                                .toList());
        return from.unsigned() == 0 ? signed : signed + ", %d by none".formatted(from.unsigned());
    }

    private void writeManifests(Provenance from) throws IOException {
        html.write("<p>Manifests that name the files which the answer was read from:</p>\n");
        html.write("<table class=\"rows\">\n");
        html.write(header(List.of("number", "kind", "from", "to", "SHA-256", "signed by")));
        for (Provenance.Naming one : from.naming()) {
            html.write(
                    row(
                            List.of(
                                    Long.toString(one.number()),
                                    one.kind().name(),
                                    one.from().toString(),
                                    one.to().toString(),
                                    one.sha256(),
                                    one.signer().orElse("nobody"))));
        }
        html.write("</table>\n");
    }

    private void writeFiles(Provenance from) throws IOException {
        html.write("<p>The files, each held against its hash when it was read:</p>\n");
        html.write("<table class=\"rows\">\n");
        html.write(header(List.of("file", "bytes", "SHA-256", "manifest")));
        for (Provenance.ReadFile one : from.files()) {
            html.write(
                    row(
                            List.of(
                                    one.name(),
                                    Long.toString(one.bytes()),
                                    one.sha256(),
                                    Long.toString(one.manifest()))));
        }
        html.write("</table>\n");
    }

    private static String header(List<String> names) {
        return row(names, "th");
    }

    private static String row(List<String> cells) {
        return row(cells, "td");
    }

    private static String row(List<String> cells, String element) {
        StringBuilder row = new StringBuilder("<tr>");
        cells.forEach(
                cell -> row.append("<%s>%s</%s>".formatted(element, HtmlText.of(cell), element)));
        return row.append("</tr>\n").toString();
    }
}
