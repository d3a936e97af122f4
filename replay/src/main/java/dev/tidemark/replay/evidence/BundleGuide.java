package dev.tidemark.replay.evidence;

/** README.txt of a bundle: what is in it, and how to check it without Tidemark. */
final class BundleGuide {
    private BundleGuide() {}

    static String of(BundleFacts facts) {
        AnsweredQuestion question = facts.question();
        long last = facts.provenance().last();
        return """
            %s

            %s

                %s

            report.html      the answer, to read and to print
            rows.csv         its rows in UTF-8: NULL is nothing between two commas, all else is in quotes
            rows.parquet     the same rows with types, for programs
            question.json    the question, the time that it is about, what is not known, and where the answer comes from
            tidemark.json    the archive's identity, to the byte
            manifests.jsonl  the archive's manifests 0 to %d, to the byte, one a line: each names the SHA-256 of the one
                             before it, and the size and SHA-256 of the archive's files
            verify.py        checks all of this; needs Python 3.8 and nothing else
            SHA256SUMS       the SHA-256 of each of these files

            TO CHECK IT

            Whoever does not trust the one who handed this over takes verify.py from a release of Tidemark, and not from
            here: a forged bundle would hold a forged script. Then: python3 verify.py FOLDER-OF-THIS-BUNDLE

            1. Is the bundle whole, do the manifests form a chain, and do they name the files that the answer was read from?

                   python3 verify.py

            2. Who signed the manifests? With the public key of who writes the archive, brought to you on another way than
               this bundle:

                   python3 verify.py --public-key signing.pem.pub

            3. Is this the archive that somebody knew before? With an anchor that was kept elsewhere ('tidemark anchor'):

                   python3 verify.py --anchor anchor.json

            4. Are the files there from which the answer was read? With the archive, or a copy of it, in a folder:

                   python3 verify.py --archive /backups/crm

            5. Do they say this? Ask again with tidemark %s, with the same archive as far as manifest %d: the same question
               gives the same bytes.

            Whoever has no access to the archive can check 1 to 3: that the answer was read from files which the archive
            had, and which its writer signed. That the rows are what these files say is shown by 4 and 5 alone.
            Write down the SHA-256 of the bundle itself where nobody can change it: it holds for all that is in it.
            Programs for spreadsheets take a value that begins with = + - or @ for a formula: rows.csv holds what the
            database held, unchanged.
            """
                .formatted(
                        question.title(),
                        question.words(),
                        question.command().replace("\n", "\n    "),
                        last,
                        facts.version(),
                        last);
    }
}
