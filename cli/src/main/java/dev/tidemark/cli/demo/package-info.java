/**
 * A CRM as CRMs really are, and the demo that backs it up and restores it. The types named Crm…
 * take a connection to an empty database, and make a schema, sessions that keep changing it, a
 * migration and an accident; Demo takes settings, and makes a report of what was restored and
 * compared.
 */
@NullMarked
package dev.tidemark.cli.demo;

import org.jspecify.annotations.NullMarked;
