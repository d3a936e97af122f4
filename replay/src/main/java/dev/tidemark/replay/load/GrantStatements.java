package dev.tidemark.replay.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The statements that give rights to one thing.
 *
 * @param prefix what stands before GRANT: {@code ALTER DEFAULT PRIVILEGES …} or nothing
 * @param on what stands behind ON, for example {@code TABLE s.t}
 * @param owner whose right to grant needs no grant
 * @param owning how the user does what only the owner may
 */
record GrantStatements(String prefix, String on, String owner, Owning owning) {
    /** How a user does what only an owner may. */
    enum Owning {
        /** As it is: it owns the thing, has the owner's rights, or may do everything. */
        AS_ONESELF,
        /** It may become the owner, and does not have its rights before. */
        AS_OWNER
    }

    /**
     * One right to it.
     *
     * @param grantee {@code ""} for PUBLIC
     * @param column if it is to this column alone
     * @param isGrantable with the right to grant it on
     */
    record Grant(
            String grantor,
            String grantee,
            Privilege privilege,
            Optional<String> column,
            boolean isGrantable) {
        /** May the grantee grant the other one because of this one? */
        private boolean allows(Grant other) {
            return isGrantable
                    && grantee.equals(other.grantor)
                    && privilege == other.privilege
                    && (column.isEmpty() || column.equals(other.column));
        }

        private String words() {
            return privilege + column.map(name -> " (" + Quoted.name(name) + ")").orElse("");
        }
    }

    /** Takes away what the kind comes with, so that only what is granted then holds. */
    String revoke() {
        return by(owner, prefix + "REVOKE ALL ON " + on + " FROM PUBLIC, " + Quoted.name(owner));
    }

    /** Takes single rights away. */
    List<String> revokes(Collection<Grant> all) {
        return all.stream()
                .map(
                        grant ->
                                by(
                                        grant.grantor(),
                                        "%sREVOKE %s ON %s FROM %s"
                                                .formatted(
                                                        prefix,
                                                        grant.words(),
                                                        on,
                                                        role(grant.grantee()))))
                .toList();
    }

    /** Each right after the one that lets its grantor grant it. */
    List<String> grants(Collection<Grant> all) {
        List<String> statements = new ArrayList<>();
        List<Grant> done = new ArrayList<>();
        List<Grant> waiting = new ArrayList<>(all);
        while (!waiting.isEmpty()) {
            List<Grant> ready =
                    waiting.stream()
                            .filter(
                                    grant ->
                                            grant.grantor().equals(owner)
                                                    || done.stream()
                                                            .anyMatch(of -> of.allows(grant)))
                            .toList();
            if (ready.isEmpty()) {
                ready = List.copyOf(waiting); // the server says what it does not allow
            }
            statements.addAll(statements(ready));
            done.addAll(ready);
            waiting.removeAll(ready);
        }
        return statements;
    }

    /** One statement for the rights that one role has from one other. */
    private List<String> statements(List<Grant> grants) {
        Map<List<Object>, List<Grant>> groups = new LinkedHashMap<>();
        for (Grant grant : grants) {
            groups.computeIfAbsent(
                            List.of(grant.grantor(), grant.grantee(), grant.isGrantable()),
                            any -> new ArrayList<>())
                    .add(grant);
        }
        return groups.values().stream().map(this::statement).toList();
    }

    private String statement(List<Grant> group) {
        Grant first = group.getFirst();
        String statement =
                "%sGRANT %s ON %s TO %s%s"
                        .formatted(
                                prefix,
                                group.stream().map(Grant::words).collect(Collectors.joining(", ")),
                                on,
                                role(first.grantee()),
                                first.isGrantable() ? " WITH GRANT OPTION" : "");
        return by(first.grantor(), statement);
    }

    /** Several statements in one message are one transaction, so a failure also undoes SET ROLE. */
    private String by(String grantor, String statement) {
        return grantor.equals(owner) && owning == Owning.AS_ONESELF
                ? statement
                : as(grantor, statement);
    }

    /** A statement in the name of a role. */
    static String as(String role, String statement) {
        return "SET ROLE %s; %s; RESET ROLE".formatted(Quoted.name(role), statement);
    }

    private static String role(String grantee) {
        return grantee.isEmpty() ? "PUBLIC" : Quoted.name(grantee);
    }
}
