-- Was the function {function}, a row of pg_proc, altered after the extension came that it is a member of by {member},
-- a row of pg_depend? Its row is of another transaction than its membership, or of a later command than all that
-- the extension has by that transaction. A few whose rights changed, or that the extension's own script altered at
-- its end, count too, which does no harm.
({function}.xmin::text <> {member}.xmin::text
            OR NOT {function}.cmin = {member}.cmin AND {function}.cmin::text::bigint > (
                   SELECT max(l.cmin::text::bigint) FROM pg_depend l
                    WHERE l.refclassid = {member}.refclassid AND l.refobjid = {member}.refobjid AND l.deptype = 'e'
                      AND l.xmin::text = {member}.xmin::text))
