package weir.config.load;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.config.model.Permission;
import weir.config.model.RateClass;
import weir.config.model.RiskKey;
import weir.config.model.Tenant;
import weir.config.model.TenantControls;
import weir.config.model.VenueAccount;
import weir.config.yaml.Form;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.engine.risk.RecentOrders;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.QuotaMeter;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.TradingState;

/** Reads {@code tenants/NAME.yaml}. */
final class TenantReader {
    private static final int SCOPE_ID_MAX = (1 << 19) - 1;
    private static final long SECOND_NS = 1_000_000_000L;
    /** A tenant's instruments and quotas go in one frame of at most 1376 bytes. */
    private static final int INSTRUMENTS_MAX = 200;
    private static final int QUOTAS_MAX = 8;
    /** They go in one frame as well. */
    private static final int CONTROLS_MAX = 56;
    /** Most executions that the core counts within a window. */
    private static final int EXECUTIONS_WINDOWED_MAX = 128;

    private final References references;
    private final DeskReader desks;
    private final ClientReader clients;

    TenantReader(final References references) {
        this.references = references;
        this.desks = new DeskReader(references);
        this.clients = new ClientReader(references);
    }

    Tenant read(final Section root) {
        final String name = root.need("tenant", Forms.ascii(32), "");
        final int id = (int) (long) root.need("id", Forms.integer(1, 1_000_000), 0L);
        references.declare("tenant", name, root, "tenant");
        references.declare("tenant id", Integer.toString(id), root, "id");
        final CreditMode credit = root.need("credit", Forms.choice(CreditMode.class), CreditMode.PREPAID);
        final String plan = root.need("plan", Forms.ascii(32), "");
        references.mention("plan", plan, root.at("plan"), "plan");
        final Set<Permission> permissions = permissions(root, EnumSet.allOf(Permission.class));
        final List<VenueAccount> accounts = accounts(root);
        final Optional<String> customer = root.maybe("stripeCustomer", Forms.ascii(64));
        // two tenants of one customer would each be billed for the usage of both
        customer.ifPresent(given -> references.declare("Stripe customer", given, root, "stripeCustomer"));
        final List<TenantControls.Route> routes = new ArrayList<>();
        final Tenant tenant = new Tenant(id, name,
            root.or("state", Forms.choice(TradingState.class), TradingState.ACTIVE), credit, plan,
            root.or("budget", Forms.micros(1, Long.MAX_VALUE), 0L),
            root.<ZoneId>or("timeZone", Forms.zone(), ZoneOffset.UTC),
            customer, rate(root), risk(root), permissions, quotas(root),
            instruments(root), defaultAccount(root, accounts), accounts, desks.read(root, permissions, routes),
            grants(root), clients.read(root, permissions, routes), ControlsReader.tenant(root, routes),
            WebhookReader.endpoints(root));
        root.done();
        return tenant;
    }

    static RateClass rate(final Section parent) {
        final Optional<Section> section = parent.section("rate");
        if (section.isEmpty()) {
            return RateClass.NONE;
        }
        final RateClass rate = new RateClass(
            (int) (long) section.get().need("burst", Forms.integer(1, 10_000_000), 1L),
            section.get().need("refill", Forms.ratePerSecond(1, 10_000_000), 1));
        section.get().done();
        return rate;
    }

    static Set<Permission> permissions(final Section section, final Set<Permission> fallback) {
        if (!section.has("permissions")) {
            return fallback;
        }
        final Set<Permission> result = EnumSet.noneOf(Permission.class);
        for (final Placed<Permission> item : section.list("permissions", Forms.choice(Permission.class))) {
            result.add(item.value());
        }
        return result;
    }

    private Tenant.Risk risk(final Section root) {
        final Section section = root.sectionOrEmpty("risk");
        final Tenant.Risk risk = new Tenant.Risk(
            section.or("maxOrderQty", Forms.decimalE8(1, Long.MAX_VALUE), Scale.NULL),
            section.or("maxNotional", Forms.decimalE8(1, Long.MAX_VALUE), Scale.NULL),
            (int) (long) section.or("maxOpenOrders", Forms.integer(1, Integer.MAX_VALUE), 0L),
            section.or("priceCollar", Forms.basisPoints(100_000), 0), controls(section));
        section.done();
        return risk;
    }

    private List<Tenant.Control> controls(final Section section) {
        final List<Tenant.Control> result = new ArrayList<>();
        for (final RiskKey key : RiskKey.values()) {
            if (isInFile(key)) {
                final long value = value(section, key);
                if (value != 0) {
                    result.add(new Tenant.Control(key, "", value));
                }
            }
        }
        listed(section, "restrictedInstruments", Forms.ascii(20), "instrument", RiskKey.RESTRICTED_INSTRUMENT, result);
        listed(section, "restrictedVenues", Forms.ascii(32), "venue", RiskKey.RESTRICTED_VENUE, result);
        for (final Section position : section.sections("positions")) {
            final String symbol = position.need("instrument", Forms.ascii(20), "");
            references.mention("instrument", symbol, position.at("instrument"), "instrument");
            result.add(new Tenant.Control(RiskKey.MAX_POSITION, symbol,
                position.need("max", Forms.decimalE8(1, Long.MAX_VALUE >> 2), 1L)));
            position.done();
        }
        if (section.has("periodCollar") != section.has("periodCollarWindow")) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "periodCollar", "both periodCollar and periodCollarWindow",
                "one of them", "");
        }
        if (result.size() > CONTROLS_MAX) {
            section.problem(ProblemCode.CONFIG_RANGE, "restrictedInstruments", "at most " + CONTROLS_MAX
                + " controls and list entries together", result.size() + " of them", "");
        }
        return result;
    }

    private void listed(final Section section, final String key, final Form<String> form, final String kind,
        final RiskKey control, final List<Tenant.Control> result) {
        for (final Placed<String> item : section.list(key, form)) {
            references.mention(kind, item.value(), item.location(), item.key());
            result.add(new Tenant.Control(control, item.value(), 1));
        }
    }

    /** Size, notional, count and collar of an order, and rates, have places of their own. */
    private static boolean isInFile(final RiskKey key) {
        return switch (key) {
            case MAX_ORDER_QTY, MAX_NOTIONAL, MAX_OPEN_ORDERS, PRICE_COLLAR, MESSAGE_BURST, MESSAGE_RATE, POSITION,
                RESTRICTED_INSTRUMENT, RESTRICTED_VENUE -> false;
            default -> true;
        };
    }

    private static long value(final Section section, final RiskKey key) {
        final String name = key.key();
        return switch (key.kind()) {
            case DECIMAL, SIGNED -> section.or(name, Forms.decimalE8(1, Long.MAX_VALUE >> 2), 0L);
            case COUNT -> section.or(name, Forms.integer(1,
                key == RiskKey.EXECUTIONS_MAX && section.has(RiskKey.EXECUTIONS_WINDOW.key()) ? EXECUTIONS_WINDOWED_MAX
                    : key == RiskKey.EXECUTIONS_MAX || key == RiskKey.LOOP_REJECTS_MAX ? Integer.MAX_VALUE - 1
                    : 1_000_000), 0L);
            case PERCENT -> section.or(name, Forms.basisPoints(100_000), 0);
            case DURATION -> section.or(name, Forms.durationMs(1,
                key == RiskKey.DUPLICATE_WINDOW ? RecentOrders.WINDOW_MAX_MS : Integer.MAX_VALUE), 0);
            case FLAG -> section.or(name, Forms.flag(), false) ? 1 : 0;
            case MODE -> section.or(name, Forms.choice(SelfTradePrevention.class), SelfTradePrevention.NONE).value();
        };
    }

    private List<Tenant.Quota> quotas(final Section root) {
        final List<Tenant.Quota> result = new ArrayList<>();
        final Set<Integer> ids = new HashSet<>();
        for (final Section section : root.sections("quotas")) {
            final int id = (int) (long) section.need("id", Forms.integer(1, 1_000_000), 0L);
            if (!ids.add(id) && id != 0) {
                section.problem(ProblemCode.CONFIG_DUPLICATE, "id", "an id of its own within the tenant",
                    Integer.toString(id), "");
            }
            final QuotaMeter meter = section.need("meter", Forms.choice(QuotaMeter.class), QuotaMeter.ORDERS);
            final PeriodKind kind = section.need("period", Forms.choice(PeriodKind.class), PeriodKind.DAY);
            long periodNs = 0;
            if (kind == PeriodKind.FIXED) {
                periodNs = section.need("every", Forms.durationNs(SECOND_NS / 10, 366 * 86_400 * SECOND_NS), 0L);
            } else if (section.has("every")) {
                section.problem(ProblemCode.CONFIG_CONFLICT, "every", "no length with period " + Forms.name(kind),
                    "one", "use period: fixed");
            }
            result.add(new Tenant.Quota(id, meter, kind, periodNs,
                section.need("limit", Forms.integer(1, Long.MAX_VALUE / 2), 1L)));
            section.done();
        }
        if (result.size() > QUOTAS_MAX) {
            root.problem(ProblemCode.CONFIG_RANGE, "quotas", "at most " + QUOTAS_MAX, result.size() + " of them", "");
        }
        return result;
    }

    private List<String> instruments(final Section root) {
        final List<String> result = new ArrayList<>();
        for (final Placed<String> item : root.list("instruments", Forms.ascii(20))) {
            if (result.contains(item.value())) {
                root.problem(ProblemCode.CONFIG_DUPLICATE, "instruments", "each symbol once", item.value(), "");
                continue;
            }
            references.mention("instrument", item.value(), item.location(), item.key());
            result.add(item.value());
        }
        if (!root.has("instruments")) {
            root.problem(ProblemCode.CONFIG_MISSING, "instruments", "the symbols it may trade", "none", "add it");
        }
        if (result.size() > INSTRUMENTS_MAX) {
            root.problem(ProblemCode.CONFIG_RANGE, "instruments", "at most " + INSTRUMENTS_MAX,
                result.size() + " of them", "");
        }
        return result;
    }

    private List<VenueAccount> accounts(final Section root) {
        final List<VenueAccount> result = new ArrayList<>();
        for (final Section section : root.sections("accounts")) {
            final int id = (int) (long) section.need("id", Forms.integer(1, 1_000_000), 0L);
            final String name = section.need("name", Forms.ascii(32), "");
            final String venue = section.need("venue", Forms.ascii(32), "");
            final String environment = section.need("environment", Forms.ascii(32), "");
            final boolean shared = section.or("shared", Forms.flag(), false);
            references.declare("account id", Integer.toString(id), section, "id");
            references.declare("account", name, section, "name");
            if (shared) {
                references.declare("shared account", name, section, "name");
            }
            references.mention("venue", venue, section.at("venue"), section.path("venue"));
            if (!venue.isEmpty()) {
                references.mention("environment of venue " + venue, environment, section.at("environment"),
                    section.path("environment"));
            }
            result.add(new VenueAccount(id, name, venue, environment, shared, selfTrade(section, venue),
                section.need("apiKey", Forms.secret(false), DeskReader.NO_SECRET),
                section.need("apiSecret", Forms.secret(false), DeskReader.NO_SECRET),
                section.maybe("passphrase", Forms.secret(false)), scopes(section)));
            section.done();
        }
        return result;
    }

    private static VenueAccount.Scopes scopes(final Section account) {
        final Section section = account.sectionOrEmpty("scopes");
        final VenueAccount.Scopes scopes = new VenueAccount.Scopes(scope(section, "address"),
            scope(section, "owner"), scope(section, "key"));
        section.done();
        return scopes;
    }

    private static int scope(final Section section, final String key) {
        return (int) (long) section.or(key, Forms.integer(0, SCOPE_ID_MAX), 0L);
    }

    private static SelfTradePrevention selfTrade(final Section section, final String venue) {
        final boolean none = venue.equals(Venues.name(Venues.COW));
        final SelfTradePrevention wanted = section.or("selfTradePrevention", Forms.choice(SelfTradePrevention.class),
            none ? SelfTradePrevention.NONE : SelfTradePrevention.CANCEL_NEWEST);
        if (none && wanted != SelfTradePrevention.NONE) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "selfTradePrevention", "none at " + venue,
                Forms.name(wanted),
                "two orders of an owner settle there like any others; the engine's own control holds");
        }
        final boolean kraken = venue.equals(Venues.name(Venues.KRAKEN_FUTURES));
        if ((kraken || venue.equals(Venues.name(Venues.DERIBIT))) && wanted != SelfTradePrevention.CANCEL_NEWEST
            && wanted != SelfTradePrevention.CANCEL_OLDEST) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "selfTradePrevention",
                "cancel-newest or cancel-oldest at " + venue, Forms.name(wanted),
                "the venue has one strategy for all orders of an account: "
                    + (kraken ? "REJECT_TAKER or CANCEL_MAKER_SELF" : "reject_taker or cancel_maker"));
        }
        return wanted;
    }

    /** A tenant without an account of its own names one that another tenant shares. */
    private String defaultAccount(final Section root, final List<VenueAccount> accounts) {
        if (!root.has("defaultAccount")) {
            if (accounts.isEmpty()) {
                root.problem(ProblemCode.CONFIG_MISSING, "accounts", "a venue account, or defaultAccount with the name"
                    + " of a shared one", "none", "add it");
            }
            return accounts.isEmpty() ? "" : accounts.get(0).name();
        }
        final String name = root.need("defaultAccount", Forms.ascii(32), "");
        final boolean own = accounts.stream().anyMatch(a -> a.name().equals(name));
        references.mention(own ? "account" : "shared account", name, root.at("defaultAccount"), "defaultAccount");
        return name;
    }

    private List<Tenant.InitialGrant> grants(final Section root) {
        final List<Tenant.InitialGrant> result = new ArrayList<>();
        for (final Section section : root.sections("grants")) {
            final long id = section.need("id", Forms.integer(1, Long.MAX_VALUE), 0L);
            references.declare("grant id", Long.toString(id), section, "id");
            result.add(new Tenant.InitialGrant(id,
                section.or("kind", Forms.choice(GrantKind.class), GrantKind.TOP_UP),
                section.need("amount", Forms.micros(1, Long.MAX_VALUE), 1L),
                section.or("reference", Forms.ascii(36), "configuration")));
            section.done();
        }
        return result;
    }
}
