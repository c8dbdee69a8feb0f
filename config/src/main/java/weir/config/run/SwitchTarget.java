package weir.config.run;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import weir.config.failure.CommandFailure;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.KillScope;

/**
 * What a switch is about, by the names of the configuration.
 *
 * @param scope    scope
 * @param id       id in the scope, 0 for the router
 * @param tenantId tenant of a strategy, else 0
 * @param words    as an operator would say it
 */
record SwitchTarget(KillScope scope, int id, int tenantId, String words) {
    static final SwitchTarget ROUTER = new SwitchTarget(KillScope.GLOBAL, 0, 0, "router");

    /**
     * Finds a target.
     *
     * @param config names
     * @param scope  router, venue, tenant, desk, account or strategy
     * @param name   name; of a strategy TENANT/NUMBER, or NUMBER alone for all tenants
     * @return the target
     * @throws CommandFailure UNKNOWN_TARGET when there is none
     */
    static SwitchTarget of(final WeirConfig config, final String scope, final String name) throws CommandFailure {
        final Optional<SwitchTarget> found = switch (scope) {
            case "router" -> Optional.of(ROUTER);
            case "venue" -> config.venue(name).map(v -> new SwitchTarget(KillScope.VENUE, v.id(), 0, "venue " + name));
            case "tenant" -> config.tenant(name).map(t ->
                new SwitchTarget(KillScope.TENANT, t.id(), 0, "tenant " + name));
            case "desk" -> config.tenants().stream().flatMap(SwitchTarget::sessions)
                .filter(s -> s.words().equals("desk " + name)).findFirst();
            case "account" -> config.account(name).map(a ->
                new SwitchTarget(KillScope.ACCOUNT, a.id(), 0, "account " + name));
            case "strategy" -> strategy(config, name);
            default -> Optional.empty();
        };
        return found.orElseThrow(() -> new CommandFailure("UNKNOWN_TARGET", "there is no " + scope + ' ' + name
            + "; configured: " + String.join(", ", known(config, scope))));
    }

    private static Stream<SwitchTarget> sessions(final Tenant tenant) {
        return Stream.concat(
            tenant.desks().stream().map(d ->
                new SwitchTarget(KillScope.SESSION, d.sessionId(), 0, "desk " + d.compId())),
            tenant.clients().stream().map(c ->
                new SwitchTarget(KillScope.SESSION, c.sessionId(), 0, "desk " + c.name())));
    }

    private static Optional<SwitchTarget> strategy(final WeirConfig config, final String name) {
        final int slash = name.indexOf('/');
        final String number = name.substring(slash + 1);
        if (!number.matches("[1-9][0-9]{0,8}")) {
            return Optional.empty();
        }
        final int id = Integer.parseInt(number);
        return slash < 0 ? Optional.of(new SwitchTarget(KillScope.STRATEGY, id, 0, "strategy " + name))
            : config.tenant(name.substring(0, slash)).map(t ->
                new SwitchTarget(KillScope.STRATEGY, id, t.id(), "strategy " + name));
    }

    private static List<String> known(final WeirConfig config, final String scope) {
        return switch (scope) {
            case "venue" -> config.venues().stream().map(v -> v.name()).toList();
            case "desk" -> config.tenants().stream().flatMap(SwitchTarget::sessions)
                .map(s -> s.words().substring(5)).toList();
            case "account" -> config.tenants().stream().flatMap(t -> t.accounts().stream()).map(a -> a.name()).toList();
            case "strategy" -> config.tenants().stream().map(t -> t.name() + "/NUMBER").toList();
            default -> config.tenants().stream().map(Tenant::name).toList();
        };
    }
}
