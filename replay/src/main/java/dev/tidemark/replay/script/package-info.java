/**
 * The user's own SQL for a restored database. In: a file. Out: its statements with their lines, and
 * their run in one transaction, before anybody may use the database.
 */
@NullMarked
package dev.tidemark.replay.script;

import org.jspecify.annotations.NullMarked;
