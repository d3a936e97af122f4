package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.CatalogObject;

/**
 * The order of kinds in a restore where dependencies leave a choice. It also covers what PostgreSQL
 * does not record, such as what the text of a function's body uses.
 */
enum Rank {
    SCHEMA,
    EXTENSION,
    ALTERED_FUNCTION,
    COLLATION,
    TYPE,
    TEXT_SEARCH,
    FUNCTION,
    OPERATOR,
    OPERATOR_CLASS,
    FOREIGN,
    DOMAIN_CHECK,
    SEQUENCE,
    TABLE,
    DEFAULT,
    IDENTITY,
    OWNED_SEQUENCE,
    /**
     * Before other indexes: where two fit, a foreign key takes the older one. Each locks its table,
     * so nothing is lost by it.
     */
    KEY_BUILD,
    INDEX_BUILD,
    INDEX_ATTACHMENT,
    CHECK,
    VIEW,
    STATISTICS,
    FOREIGN_KEY,
    REFRESH,
    RULE,
    TABLE_DETAIL,
    TRIGGER,
    POLICY,
    PUBLICATION,
    SETVAL,
    COMMENT;

    static Rank of(CatalogObject object) {
        return switch (object.kind()) {
            case "schema" -> SCHEMA;
            case "extension", "language", "access method" -> EXTENSION;
            case "altered function" -> ALTERED_FUNCTION;
            case "collation", "conversion" -> COLLATION;
            case "enum", "composite", "domain", "range", "base type" -> TYPE;
            case "text search parser",
                    "text search template",
                    "text search dictionary",
                    "text search configuration" ->
                    TEXT_SEARCH;
            case "function", "procedure", "aggregate" -> FUNCTION;
            case "operator", "operator family", "cast", "transform" -> OPERATOR;
            case "operator class",
                    "operator family operator",
                    "operator family function",
                    "operator family members" -> // in archives of older versions
                    OPERATOR_CLASS;
            case "foreign data wrapper", "server" -> FOREIGN;
            case "domain check" -> DOMAIN_CHECK;
            case "sequence" ->
                    object.sequence().isPresent() && object.sequence().get().identity()
                            ? IDENTITY
                            : SEQUENCE;
            case "foreign table" -> TABLE;
            case "primary key", "unique", "exclusion" -> KEY_BUILD;
            case "index" -> INDEX_BUILD;
            case "index attachment" -> INDEX_ATTACHMENT;
            case "check", "not null" -> CHECK;
            case "view", "materialized view" -> VIEW;
            case "statistics" -> STATISTICS;
            case "foreign key" -> FOREIGN_KEY;
            case "refresh" -> REFRESH;
            case "rule" -> RULE;
            case "trigger", "internal trigger" -> TRIGGER;
            case "policy" -> POLICY;
            case "publication", "publication table", "publication schema" -> PUBLICATION;
            default -> object.kind().startsWith("labels of ") ? COMMENT : TABLE_DETAIL;
        };
    }

    /**
     * Does it need all rows, or act on those that come? All others make what a row may name, and so
     * may come before it ({@link NamingTables}).
     */
    boolean isAfterAllRows() {
        return switch (this) {
            case DOMAIN_CHECK,
                    CHECK,
                    STATISTICS,
                    FOREIGN_KEY,
                    REFRESH,
                    RULE,
                    TABLE_DETAIL,
                    TRIGGER,
                    POLICY,
                    PUBLICATION,
                    SETVAL,
                    COMMENT ->
                    true;
            case SCHEMA,
                    EXTENSION,
                    ALTERED_FUNCTION,
                    COLLATION,
                    TYPE,
                    TEXT_SEARCH,
                    FUNCTION,
                    OPERATOR,
                    OPERATOR_CLASS,
                    FOREIGN,
                    SEQUENCE,
                    TABLE,
                    DEFAULT,
                    IDENTITY,
                    OWNED_SEQUENCE,
                    KEY_BUILD,
                    INDEX_BUILD,
                    INDEX_ATTACHMENT,
                    VIEW ->
                    false;
        };
    }

    /** Are the steps of a round the most work, so that they should run side by side? */
    boolean isParallel() {
        return this == KEY_BUILD || this == INDEX_BUILD;
    }
}
