/**
 * The demo: a CRM as CRMs really are, an accident, restores. In: a folder and a seed. Out: each
 * restored table compared with what the source held then. The classes named {@code Crm…}, {@code
 * Fill…} and {@code Work…} are the CRM itself, which tests use too and which knows nothing of
 * backups.
 */
@NullMarked
package dev.tidemark.cli.demo;

import org.jspecify.annotations.NullMarked;
