package dev.tidemark.replay.load;

import dev.tidemark.replay.load.GrantStatements.Grant;
import dev.tidemark.replay.load.RoleNotes.Link;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.CatalogObject.ColumnGrants;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides on the statements of a {@link RightsPlan}. Where an owner cannot be had, whoever creates
 * the thing takes its place, also in what it granted: as if it had been given to him.
 */
final class RightsPlanner {
    private static final int VERSIONS_PER_MAJOR = 10_000; // server_version_num is 180006 for 18.6

    /** Since then {@code public} belongs to the database's owner, and not all create in it. */
    private static final int SAFE_PUBLIC_MAJOR_MIN = 15;

    /** Since then ALTER TYPE gives a range's multirange the same owner. */
    private static final int MULTIRANGE_FOLLOWS_MAJOR_MIN = 17;

    private final Catalog catalog;
    private final TargetRoles roles;
    private final Set<RightsPart> parts;
    private final int sourceMajor;
    private final RoleNotes notes;
    private final List<String> statements = new ArrayList<>();
    private final List<String> last = new ArrayList<>();
    private final Set<String> leftOut = new LinkedHashSet<>();

    RightsPlanner(Catalog catalog, TargetRoles roles, Set<RightsPart> parts) {
        this.catalog = catalog;
        this.roles = roles;
        this.parts = Set.copyOf(parts);
        this.sourceMajor = catalog.server().version() / VERSIONS_PER_MAJOR;
        this.notes = new RoleNotes(roles);
    }

    RightsPlan plan() {
        statements.addAll(TableDetails.rowSecurity(catalog));
        statements.addAll(TableDetails.forcedRowSecurity(catalog));
        for (Secured thing : Secured.of(catalog)) {
            if (thing.isOfOthers()) {
                addChanged(thing);
            } else if (!isLikeEveryPublicSchema(thing)) {
                add(thing);
            }
        }
        if (parts.contains(RightsPart.PRIVILEGES)) {
            catalog.objects().stream()
                    .filter(object -> object.kind().equals("default privileges"))
                    .forEach(this::addDefaults);
        }
        return new RightsPlan(statements, last, List.copyOf(leftOut), notes.lines());
    }

    private void add(Secured thing) {
        String creator =
                thing.isPublicSchema() ? roles.publicOwner().orElse(roles.user()) : roles.user();
        String owner = creator;
        if (parts.contains(RightsPart.OWNERS)) {
            if (roles.own().contains(thing.owner())) {
                owner = thing.owner();
            } else {
                notes.add(thing.owner(), Link.OWNED, thing.name());
            }
        }
        if (!owner.equals(creator) && thing.alter().isPresent()) {
            (thing.isEventTrigger() ? last : statements)
                    .add("ALTER %s OWNER TO %s".formatted(thing.alter().get(), Quoted.name(owner)));
            if (thing.kind().equals("range") && roles.major() < MULTIRANGE_FOLLOWS_MAJOR_MIN) {
                statements.add(multirangeOwner(thing.alter().get(), owner));
            }
        }
        if (parts.contains(RightsPart.PRIVILEGES) && thing.on().isPresent()) {
            addGrants(thing, grantsBy("", thing.on().get(), owner));
        }
        if (thing.kind().equals("schema") && roles.isToBecome(owner)) {
            keepUse(thing, owner);
        }
    }

    private GrantStatements grantsBy(String prefix, String on, String owner) {
        return new GrantStatements(
                prefix,
                on,
                owner,
                roles.isToBecome(owner)
                        ? GrantStatements.Owning.AS_OWNER
                        : GrantStatements.Owning.AS_ONESELF);
    }

    /**
     * Who gives a schema to a role whose rights it does not have could name nothing in it any more,
     * and the role can own something in a schema only if it may create there: so it is neither
     * before nor after the others, and the user is let in until the end.
     */
    private void keepUse(Secured schema, String owner) {
        boolean isLetIn =
                parts.contains(RightsPart.PRIVILEGES)
                        && schema.grants().stream()
                                .map(AclItem::parse)
                                .flatMap(Optional::stream)
                                .filter(
                                        item ->
                                                item.grantee().isEmpty()
                                                        || item.grantee().equals(roles.user()))
                                .flatMap(item -> item.rights().stream())
                                .anyMatch(
                                        right ->
                                                Privilege.of(right.letter())
                                                        .equals(Optional.of(Privilege.USAGE)));
        if (!isLetIn) {
            String schemaAndUser = "USAGE ON %s %s " + Quoted.name(roles.user());
            String on = schema.on().orElseThrow();
            statements.add(GrantStatements.as(owner, "GRANT " + schemaAndUser.formatted(on, "TO")));
            last.add(GrantStatements.as(owner, "REVOKE " + schemaAndUser.formatted(on, "FROM")));
        }
    }

    /** The multirange that was made with a range; the source's own may have had another owner. */
    private static String multirangeOwner(String range, String owner) {
        return "DO %s"
                .formatted(
                        Quoted.text(
                                """
                                BEGIN
                                    EXECUTE (SELECT format('ALTER TYPE %%s OWNER TO %%I', r.rngmultitypid::regtype, %s)
                                               FROM pg_range r WHERE r.rngtypid = %s::regtype);
                                END"""
                                        .formatted(
                                                Quoted.text(owner),
                                                Quoted.text(range.substring("TYPE ".length())))));
    }

    private void addGrants(Secured thing, GrantStatements to) {
        List<Grant> grants =
                new ArrayList<>(granted(thing, to.owner(), Optional.empty(), aclOf(thing)));
        if (!aclOf(thing).isEmpty()) {
            statements.add(to.revoke());
            if (thing.isRelation()) {
                grants.addAll(maintenance(to.owner()));
            }
        }
        for (ColumnGrants column : thing.columnGrants()) {
            grants.addAll(
                    granted(thing, to.owner(), Optional.of(column.column()), column.grants()));
        }
        statements.addAll(to.grants(grants));
    }

    /**
     * What the server and extensions bring along belongs to a superuser. To another user the server
     * would only say in a warning that it granted nothing.
     */
    private void addChanged(Secured thing) {
        if (!parts.contains(RightsPart.PRIVILEGES)) {
            return;
        }
        if (!roles.superusers().contains(roles.user())) {
            leftOut.add(thing.name() + " that were changed: only a superuser may change them");
            return;
        }
        GrantStatements to = grantsBy("", thing.on().orElseThrow(), thing.owner());
        List<Grant> revoked = new ArrayList<>(revoked(thing, Optional.empty(), thing.revoked()));
        List<Grant> granted =
                new ArrayList<>(granted(thing, thing.owner(), Optional.empty(), thing.grants()));
        for (ColumnGrants column : thing.columnGrants()) {
            revoked.addAll(revoked(thing, Optional.of(column.column()), column.revoked()));
            granted.addAll(
                    granted(thing, thing.owner(), Optional.of(column.column()), column.grants()));
        }
        statements.addAll(to.revokes(revoked));
        statements.addAll(to.grants(granted));
    }

    /** A role that is not here has nothing to lose. */
    private List<Grant> revoked(Secured thing, Optional<String> column, List<String> texts) {
        return granted(
                thing,
                thing.owner(),
                column,
                texts.stream()
                        .filter(
                                text ->
                                        AclItem.parse(text)
                                                .map(AclItem::grantee)
                                                .filter(
                                                        role ->
                                                                role.isEmpty()
                                                                        || roles.existing()
                                                                                .contains(role))
                                                .isPresent())
                        .toList());
    }

    private List<Grant> granted(
            Secured thing, String owner, Optional<String> column, List<String> texts) {
        List<Grant> grants = new ArrayList<>();
        for (String text : texts) {
            grants.addAll(grants(thing.name(), thing.owner(), owner, column, text));
        }
        return grants;
    }

    /** The target has a schema public with rights; that of the source may have had none set. */
    private static List<String> aclOf(Secured thing) {
        return thing.isPublicSchema() && thing.grants().isEmpty()
                ? List.of(quoted(thing.owner()) + "=UC/" + quoted(thing.owner()))
                : thing.grants();
    }

    private static String quoted(String role) {
        return Quoted.name(role);
    }

    /** Up to PostgreSQL 16 an owner needed no right for what MAINTAIN allows since. */
    private List<Grant> maintenance(String owner) {
        return sourceMajor < Privilege.MAINTAIN_MAJOR_MIN
                        && Privilege.MAINTAIN.isKnownTo(roles.major())
                ? List.of(new Grant(owner, owner, Privilege.MAINTAIN, Optional.empty(), false))
                : List.of();
    }

    /**
     * The rights of an aclitem, its names changed to those that take their place.
     *
     * @param thing for people
     * @param was the source's owner of it
     * @param is the target's
     */
    private List<Grant> grants(
            String thing, String was, String is, Optional<String> column, String text) {
        Optional<AclItem> item = AclItem.parse(text);
        if (item.isEmpty()) {
            leftOut.add("rights to %s: '%s' is not of a form that is known".formatted(thing, text));
            return List.of();
        }
        String grantee = item.get().grantee().equals(was) ? is : item.get().grantee();
        if (!grantee.isEmpty() && !roles.existing().contains(grantee)) {
            notes.add(grantee, Link.HELD, thing);
            return List.of();
        }
        String grantor = grantor(thing, item.get().grantor(), was, is);
        List<Grant> grants = new ArrayList<>();
        for (AclItem.Right right : item.get().rights()) {
            Optional<Privilege> privilege = Privilege.of(right.letter());
            if (privilege.isPresent() && privilege.get().isKnownTo(roles.major())) {
                grants.add(
                        new Grant(grantor, grantee, privilege.get(), column, right.isGrantable()));
            } else {
                leftOut.add(
                        "right %s to %s for %s: this server does not have it"
                                .formatted(
                                        privilege.map(Privilege::name).orElse("" + right.letter()),
                                        thing,
                                        grantee.isEmpty() ? "PUBLIC" : grantee));
            }
        }
        return grants;
    }

    /** The role that grants it here: what one granted that is not there comes from the owner. */
    private String grantor(String thing, String grantor, String was, String is) {
        if (grantor.equals(was) || !roles.existing().contains(grantor)) {
            return is;
        }
        if (!roles.own().contains(grantor)) {
            notes.add(grantor, Link.GRANTED, thing);
            return is;
        }
        return grantor;
    }

    /** Those of a schema add to those of all, which replace what PostgreSQL itself would give. */
    private void addDefaults(CatalogObject object) {
        String role = object.owner();
        String name =
                "default privileges for "
                        + object.name()
                        + (object.schema().isEmpty() ? "" : " in " + object.schema());
        if (!roles.own().contains(role)) {
            notes.add(role, Link.GRANTED, name);
            return;
        }
        boolean isForAll = object.schema().isEmpty();
        String where = isForAll ? "" : " IN SCHEMA " + Quoted.name(object.schema());
        GrantStatements to =
                grantsBy(
                        "ALTER DEFAULT PRIVILEGES FOR ROLE " + Quoted.name(role) + where + " ",
                        object.name().toUpperCase(Locale.ROOT),
                        role);
        List<Grant> grants = new ArrayList<>();
        object.grants()
                .forEach(text -> grants.addAll(grants(name, role, role, Optional.empty(), text)));
        if (isForAll) {
            statements.add(to.revoke());
            if (object.name().equals("tables")) {
                grants.addAll(maintenance(role));
            }
        }
        statements.addAll(to.grants(grants));
    }

    /**
     * Is it a schema public as a server before 15 makes it, with a target that makes it otherwise?
     * Then nobody chose its owner and its rights, and those of the target stay.
     */
    private boolean isLikeEveryPublicSchema(Secured thing) {
        String owner = quoted(thing.owner());
        List<Optional<AclItem>> acl = thing.grants().stream().map(AclItem::parse).toList();
        return thing.isPublicSchema()
                && sourceMajor < SAFE_PUBLIC_MAJOR_MIN
                && roles.major() >= SAFE_PUBLIC_MAJOR_MIN
                && acl.size() == 2
                && acl.contains(AclItem.parse(owner + "=UC/" + owner))
                && acl.contains(AclItem.parse("=UC/" + owner))
                && (roles.superusers().contains(thing.owner())
                        || !roles.existing().contains(thing.owner()));
    }
}
