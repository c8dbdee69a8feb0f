package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;
import weir.config.load.ConfigLoader;
import weir.config.load.DirectorySource;
import weir.config.load.LoadResult;
import weir.config.model.Instrument;
import weir.config.model.RiskKey;
import weir.config.model.Tenant;
import weir.config.model.TenantControls;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueLimit;
import weir.config.model.WeirConfig;
import weir.config.yaml.Forms;
import weir.config.yaml.Section;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.RiskLimit;

/**
 * {@code weir explain}: each limit that concerns a tenant, its use now, and where it was set. Values come from the
 * files; use, and what a command changed since, from the running router when there is one.
 */
final class ExplainAction {
    /** Of a rate class that a plan gives, in the router's answer. */
    private static final int PLAN_LEVEL = 4;
    private static final int MICROS_SCALE = 6;
    private static final String COMMAND = "command";

    private final Output.Table table;
    private final WeirConfig config;
    private final LoadResult loaded;
    private final Tenant tenant;
    private final SettingPlaces places;
    private final Map<AdminKind, List<JsonNode>> answers = new HashMap<>();

    private ExplainAction(final LoadResult loaded, final Tenant tenant, final SettingPlaces places,
        final Output output) {
        this.loaded = loaded;
        this.config = loaded.orThrow();
        this.tenant = tenant;
        this.places = places;
        table = output.table("limit", "limit", "value", "used", "left", "set at");
    }

    static int run(final CommandActions.ExplainOptions options, final Output output) throws Exception {
        final DirectorySource source = new DirectorySource(options.config());
        final LoadResult loaded = ConfigLoader.load(source, System.getenv());
        final WeirConfig config = loaded.orThrow();
        final Tenant tenant = Configs.tenant(config, options.tenant());
        final ExplainAction explain = new ExplainAction(loaded, tenant, new SettingPlaces(source, tenant.name()),
            output);
        if (!options.offline()) {
            explain.ask(output);
        }
        explain.rows();
        return ExitCodes.OK;
    }

    private void ask(final Output output) {
        try (ControlLink control = ControlLink.connect(config.router())) {
            for (final AdminKind kind : new AdminKind[] {AdminKind.TENANT, AdminKind.RATES, AdminKind.SWITCHES,
                AdminKind.LIMITS, AdminKind.SESSIONS, AdminKind.RISK, AdminKind.STRATEGIES, AdminKind.CIRCUITS}) {
                final boolean one = kind == AdminKind.TENANT || kind == AdminKind.RISK || kind == AdminKind.STRATEGIES;
                answers.put(kind, control.ask(kind, one ? tenant.id() : 0, 0));
            }
        } catch (final CommandFailure ex) {
            output.say("no running router was asked, so nothing is known of use: " + ex.getMessage());
        }
    }

    private void rows() throws IOException {
        final Section root = places.tenant();
        states(root);
        rates(root);
        money(root);
        quotas(root);
        risk(root);
        guards(root);
        locks();
        circuits();
        venues();
        table.end();
    }

    private Optional<JsonNode> now() {
        return answers.getOrDefault(AdminKind.TENANT, List.of()).stream()
            .filter(row -> row.path("tenant").asInt() == tenant.id()).findFirst();
    }

    private void states(final Section root) {
        row("state", Forms.name(tenant.state()), "", "", places.at(root, "state"));
        for (final JsonNode row : answers.getOrDefault(AdminKind.SWITCHES, List.of())) {
            final int scope = row.path("scope").asInt();
            final int id = row.path("id").asInt();
            final boolean ours = scope <= 1 || scope == 2 && id == tenant.id() || scope == 3 && session(id) != null
                || scope == 5 && (row.path("tenant").asInt() == 0 || row.path("tenant").asInt() == tenant.id());
            if (ours) {
                final String what = switch (scope) {
                    case 0 -> "router";
                    case 1 -> "venue " + id;
                    case 2 -> "tenant " + tenant.name();
                    case 3 -> "desk " + session(id);
                    default -> "strategy " + id;
                };
                row("switch: " + what, row.path("suspended").asInt() == 1 ? "suspended"
                    : row.path("state").asInt() == 1 ? "cancel-only" : "halted", "", "", COMMAND);
            }
        }
    }

    private String session(final int id) {
        return tenant.desks().stream().filter(d -> d.sessionId() == id).map(d -> d.compId()).findFirst()
            .or(() -> tenant.clients().stream().filter(c -> c.sessionId() == id).map(c -> c.name()).findFirst())
            .orElse(null);
    }

    private void rates(final Section root) {
        final var gateway = config.router().control().gateway();
        rate("rate: gateway", gateway.burst(), gateway.perSecond(), 0, 0, 0, setting("gateway.burst"));
        rate("rate: tenant", tenant.rate().burst(), tenant.rate().perSecond(), 1, 0, 0, places.at(root, "rate"));
        answers.getOrDefault(AdminKind.RATES, List.of()).stream().filter(row -> row.path("level").asInt() == PLAN_LEVEL
            && row.path("tenant").asInt() == tenant.id()).forEach(this::planRate);
        tenant.desks().forEach(desk -> rate("rate: desk " + desk.compId(), desk.rate().burst(),
            desk.rate().perSecond(), 2, desk.sessionId(), 0, places.inList(root, "desks", "session",
            desk.sessionId(), "rate")));
        tenant.clients().forEach(client -> rate("rate: client " + client.name(), client.rate().burst(),
            client.rate().perSecond(), 2, client.sessionId(), 0, places.inList(root, "clients", "session",
            client.sessionId(), "rate")));
        for (final TenantControls.Route route : tenant.controls().routes()) {
            rate("rate: " + session(route.sessionId()) + ' ' + Forms.name(route.route()), route.rate().burst(),
                route.rate().perSecond(), 3, route.sessionId(), route.route().value(),
                places.inList(root, "desks", "session", route.sessionId(), "routes"));
        }
        for (final TenantControls.Burst burst : tenant.controls().bursts()) {
            row("burst window", burst.from() + " to " + burst.until() + ' ' + tenant.timeZone() + ": burst "
                + burst.rate().burst() + ", " + burst.rate().perSecond() + "/s", "", "", places.at(root, "bursts"));
        }
    }

    /** What the plan gives beside the tenant's own class: told by the router, which knows the version in force. */
    private void planRate(final JsonNode row) {
        final int id = row.path("plan").asInt();
        final String plan = config.plans().stream().filter(p -> p.id() == id).map(p -> p.name()).findFirst()
            .orElse("#" + id);
        final boolean window = row.path("window").asInt() == 1;
        final long untilNs = row.path("untilNs").asLong();
        final String until = untilNs == 0 ? "" : (window ? ", window until " : ", until ")
            + java.time.Instant.ofEpochMilli(untilNs / 1_000_000L);
        row("rate: plan " + plan, "burst " + row.path("burst").asLong() + ", " + row.path("perSecond").asLong() + "/s"
            + until, Long.toString(row.path("burst").asLong() - row.path("left").asLong()),
            row.path("left").asText(), "plan " + plan + " version " + row.path("version").asInt()
            + (window ? ", bursts" : ", rate"));
    }

    private void rate(final String name, final int burst, final int perSecond, final int level, final int session,
        final int route, final String where) {
        final Optional<JsonNode> now = answers.getOrDefault(AdminKind.RATES, List.of()).stream()
            .filter(row -> row.path("level").asInt() == level
                && (level != 1 || row.path("tenant").asInt() == tenant.id())
                && row.path("session").asInt() == session && row.path("route").asInt() == route).findFirst();
        final long inForce = now.map(row -> row.path("burst").asLong()).orElse((long) burst);
        final long refill = now.map(row -> row.path("perSecond").asLong()).orElse((long) perSecond);
        if (inForce == 0) {
            row(name, "no bound", "", "", where);
            return;
        }
        final boolean same = inForce == burst && refill == perSecond;
        final String until = now.filter(row -> row.path("burstUntilNs").asLong() > 0)
            .map(row -> ", window until " + java.time.Instant.ofEpochMilli(row.path("burstUntilNs").asLong()
            / 1_000_000L)).orElse("");
        row(name, "burst " + inForce + ", " + refill + "/s" + until,
            now.map(row -> Long.toString(inForce - row.path("left").asLong())).orElse(""),
            now.map(row -> Long.toString(row.path("left").asLong())).orElse(""), same ? where : COMMAND);
    }

    private void money(final Section root) {
        final Optional<JsonNode> now = now();
        final long budget = now.map(n -> n.path("budgetMicros").asLong()).orElse(tenant.budgetMicros());
        final Optional<Long> spent = now.map(n -> n.path("spentMicros").asLong());
        row("budget per month", budget <= 0 ? "no bound" : micros(budget), spent.map(ExplainAction::micros).orElse(""),
            budget <= 0 ? "" : spent.map(s -> micros(Math.max(0, budget - s))).orElse(""),
            budget == tenant.budgetMicros() ? places.at(root, "budget") : COMMAND);
        now.ifPresent(n -> row("credit (" + Forms.name(tenant.creditMode()) + ')',
            micros(n.path("grantedMicros").asLong()), micros(n.path("debitedMicros").asLong()
            + n.path("reservedMicros").asLong()), micros(n.path("availableMicros").asLong()), "grants"));
        if (now.isEmpty()) {
            row("credit", Forms.name(tenant.creditMode()), "", "", places.at(root, "credit"));
        }
    }

    private void quotas(final Section root) {
        for (final Tenant.Quota quota : tenant.quotas()) {
            final Optional<JsonNode> now = now();
            final long limit = now.map(n -> n.path("quotaLimit" + quota.id()).asLong(quota.limit()))
                .orElse(quota.limit());
            final Optional<Long> used = now.map(n -> n.path("quotaUsed" + quota.id()).asLong());
            row("quota " + quota.id() + ": " + Forms.name(quota.meter()) + " per " + (quota.periodNs() > 0
                ? quota.periodNs() / 1_000_000L + " ms" : Forms.name(quota.kind())), Long.toString(limit),
                used.map(u -> Long.toString(u)).orElse(""), used.map(u -> Long.toString(limit - u)).orElse(""),
                limit == quota.limit() ? places.inList(root, "quotas", "id", quota.id(), "limit") : COMMAND);
        }
    }

    /** What the running router has in force, else what the file sets. */
    private void risk(final Section root) {
        final Optional<Section> section = root.section("risk");
        final Map<String, Long> configured = configured();
        final Map<String, Long> inForce = new TreeMap<>(configured);
        final Map<String, Long> used = new HashMap<>();
        if (answers.containsKey(AdminKind.RISK)) {
            inForce.clear();
            for (final JsonNode row : answers.get(AdminKind.RISK)) {
                final RiskKey key = RiskKey.of(RiskLimit.get((short) row.path("limit").asInt()));
                if (key != RiskKey.MESSAGE_BURST && key != RiskKey.MESSAGE_RATE) { // told as rates
                    final String name = name(key, target(key, row.path("target").asInt()));
                    inForce.put(name, row.path("value").asLong());
                    if (row.has("used")) {
                        used.put(name, row.path("used").asLong());
                    }
                }
            }
            configured.keySet().forEach(name -> inForce.putIfAbsent(name, 0L));
        }
        inForce.forEach((name, value) -> {
            final RiskKey key = RiskKey.of(name.split(" ")[0]).orElseThrow();
            final boolean counted = used.containsKey(name);
            row("risk: " + name, value == 0 ? "off" : key.text(value), counted ? key.text(used.get(name)) : "",
                counted ? key.text(value - used.get(name)) : "", value.equals(configured.getOrDefault(name, 0L))
                ? places.at(section, root, inFile(key, name)) : COMMAND);
        });
    }

    private Map<String, Long> configured() {
        final Tenant.Risk risk = tenant.risk();
        final Map<String, Long> configured = new TreeMap<>();
        configured.put(RiskKey.MAX_ORDER_QTY.key(), risk.maxOrderQtyE8());
        configured.put(RiskKey.MAX_NOTIONAL.key(), risk.maxNotionalE8());
        configured.put(RiskKey.MAX_OPEN_ORDERS.key(), (long) risk.maxOpenOrders());
        configured.put(RiskKey.PRICE_COLLAR.key(), (long) risk.priceCollarBps());
        configured.values().removeIf(value -> value == 0 || value == Scale.NULL);
        risk.controls().forEach(control -> configured.put(name(control.key(), control.target()), control.value()));
        return configured;
    }

    private String target(final RiskKey key, final int id) {
        if (id == 0) {
            return "";
        }
        return key == RiskKey.RESTRICTED_VENUE
            ? config.venues().stream().filter(v -> v.id() == id).map(Venue::name).findFirst().orElse("" + id)
            : config.instruments().stream().filter(i -> i.id() == id).map(Instrument::symbol).findFirst()
            .orElse("" + id);
    }

    private static String name(final RiskKey key, final String target) {
        return target.isEmpty() ? key.key() : key.key() + ' ' + target;
    }

    /** Lists of a file have names of their own. */
    private static String inFile(final RiskKey key, final String name) {
        return switch (key) {
            case RESTRICTED_INSTRUMENT -> "restrictedInstruments";
            case RESTRICTED_VENUE -> "restrictedVenues";
            case MAX_POSITION -> name.contains(" ") ? "positions" : key.key();
            default -> key.key();
        };
    }

    private void guards(final Section root) {
        tenant.controls().deadMan().ifPresent(d -> row("dead man's timer", d.withinMs() + " ms, then "
            + Forms.name(d.state()), "", "", places.at(root, "deadMan")));
        config.router().control().deadMan().ifPresent(d -> row("dead man's timer of the router", d.withinMs()
            + " ms, then " + Forms.name(d.state()), "", "", setting("kill.deadMan")));
        tenant.controls().rejects().forEach(r -> row("reject rule: " + Forms.name(r.kind()), r.rejects() + " in "
            + r.withinMs() + " ms, then " + Forms.name(r.state()), "", "", places.at(root, "rejectRules")));
    }

    /** Strategies that wait for a person. */
    private void locks() {
        for (final JsonNode row : answers.getOrDefault(AdminKind.STRATEGIES, List.of())) {
            final int by = row.path("lockedBy").asInt();
            if (by != 0) {
                final int strategy = row.path("strategy").asInt();
                final RejectReason reason = RejectReason.ofCode(by);
                row("lock: " + (strategy != 0 ? "strategy " + strategy
                    : "orders without strategy of " + session(row.path("session").asInt())),
                    reason == RejectReason.STRATEGY_LOCKED ? "executions" : "equal rejects " + reason, "", "",
                    "weir unlock");
            }
        }
    }

    /** The line to each venue and its circuit: what waits in the router, and for how long. */
    private void circuits() {
        for (final VenueAccount account : tenant.accounts()) {
            answers.getOrDefault(AdminKind.CIRCUITS, List.of()).stream()
                .filter(row -> row.path("account").asInt() == account.id()).findFirst()
                .ifPresent(row -> row("circuit: " + account.venue() + " (" + account.name() + ')', circuit(row),
                    row.path("queued").asText() + " queued", "", "the venue"));
        }
    }

    private static String circuit(final JsonNode row) {
        final String line = switch (row.path("state").asInt()) {
            case 0 -> "down, ";
            case 2 -> "barred, ";
            default -> "";
        };
        final long leftMs = row.path("leftMs").asLong();
        return line + switch (row.path("phase").asInt()) {
            case 1 -> "open for " + leftMs + " ms";
            case 2 -> "half open";
            case 3 -> "half open, probe sent";
            default -> "closed";
        };
    }

    private void venues() throws IOException {
        for (final VenueAccount account : tenant.accounts()) {
            final Venue venue = config.venue(account.venue()).orElseThrow();
            for (final VenueLimit limit : venue.limits()) {
                final Optional<JsonNode> now = answers.getOrDefault(AdminKind.LIMITS, List.of()).stream()
                    .filter(row -> row.path("limit").asInt() == limit.id()
                        && row.path("account").asInt() == account.id()).findFirst();
                row("venue: " + venue.name() + ' ' + limit.name() + " (" + account.name() + ')',
                    limit.effectiveCapacity() + " of " + limit.capacity()
                    + (limit.periodNs() > 0 ? " per " + limit.periodNs() / 1_000_000L + " ms" : "")
                    + (limit.refillPerSecond() > 0 ? ", " + limit.refillPerSecond() + "/s" : ""),
                    now.map(n -> Long.toString(n.path("used").asLong())).orElse(""),
                    now.map(n -> Long.toString(n.path("effective").asLong() - n.path("used").asLong())).orElse(""),
                    places.limit(venue.name(), limit.id()));
            }
        }
    }

    private void row(final String name, final String value, final String used, final String left,
        final String where) {
        table.row(name, value, used, left, where);
    }

    private String setting(final String key) {
        return loaded.settings().stream().filter(s -> s.key().equals(key)).map(s -> s.source()).findFirst()
            .orElse("default");
    }

    private static String micros(final long value) {
        return BigDecimal.valueOf(value, MICROS_SCALE).toPlainString();
    }
}
