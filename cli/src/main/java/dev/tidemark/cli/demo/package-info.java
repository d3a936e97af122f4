/**
 * A CRM as CRMs really are, for the demo and for tests. In: a connection to an empty PostgreSQL
 * database. Out: a filled schema, sessions that keep changing it, a migration and an accident. It
 * knows nothing of backups.
 */
@NullMarked
package dev.tidemark.cli.demo;

import org.jspecify.annotations.NullMarked;
