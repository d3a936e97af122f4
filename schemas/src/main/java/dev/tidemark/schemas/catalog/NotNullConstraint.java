package dev.tidemark.schemas.catalog;

import java.util.Optional;

/**
 * What makes a column NOT NULL where that has a name (PostgreSQL 18).
 *
 * @param inherited it comes from the parents of the table alone
 * @param noInherit children of the table do not get it
 * @param comment the description
 */
public record NotNullConstraint(
        String name, boolean inherited, boolean noInherit, Optional<String> comment) {}
