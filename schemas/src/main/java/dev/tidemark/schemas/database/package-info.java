/**
 * How a database is addressed and reached. In: a URL and a password from the environment or a file.
 * Out: a connection in which values have Tidemark's text form, or an error that says what to do.
 */
@NullMarked
package dev.tidemark.schemas.database;

import org.jspecify.annotations.NullMarked;
