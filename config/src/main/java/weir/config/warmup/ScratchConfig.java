package weir.config.warmup;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.config.check.SecretResolver;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.model.AcceptorSettings;
import weir.config.model.Desk;
import weir.config.model.PasswordHash;
import weir.config.model.Plan;
import weir.config.model.RateClass;
import weir.config.model.RouterSettings;
import weir.config.model.SecretRef;
import weir.config.model.Tenant;
import weir.config.model.TenantControls;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.VenueEnvironment;
import weir.config.model.VenueLimit;
import weir.config.model.VenueLink;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.GrantKind;

/**
 * Configuration of the throw-away router of a warm-up: threads, transports and waiting as configured; directories of
 * its own, small tables, one tenant of the embedded demo with one desk, and Coinbase Exchange's contract with a
 * thousandfold of its capacities, at a made-up address. No snapshots, no binary clients, no TLS, and no warm-up.
 */
public final class ScratchConfig {
    /** SenderCompID(49) of its desk and name of its acceptor's end. */
    public static final String DESK = "WEIR-WARM-UP";
    /** TargetCompID(56) of its desk. */
    public static final String ROUTER = "WEIR-WARM-UP-ROUTER";

    private static final String TENANT = "alpha";
    private static final String CHANNEL = "aeron:ipc?term-length=256k";
    private static final int RING_BYTES = 4 << 20;
    private static final long RESERVE_BYTES = 16L << 20;
    private static final int TABLE = 16;
    private static final int OPEN_ORDERS = 4_096;
    /** Refused ones, until the venue is up. */
    private static final int SPARE_ORDERS = 4_096;
    /** The adapter holds no order back for a venue that is slow to answer. */
    private static final int QUEUE_MAX = 10_000;
    private static final long LIMIT_FACTOR = 1_000;
    /** Sliding windows pass while it runs. */
    private static final long PERIOD_DIVISOR = 10;
    private static final long PLENTY = 1L << 40;
    /** Full after a pause, not full under load, never empty. */
    private static final RateClass RATE = new RateClass(1_000, 5_000_000);

    private final WeirConfig config;
    private final SecretResolver secrets;
    private final String password;

    private ScratchConfig(final WeirConfig config, final SecretResolver secrets, final String password) {
        this.config = config;
        this.secrets = secrets;
        this.password = password;
    }

    /**
     * Makes one.
     *
     * @param real      what is about to run
     * @param directory of its own
     * @param orders    so many fit
     * @param deskRate  whether the desk has a rate class; its tenant has one where it has none
     * @param fixPort   of the made-up venue
     * @param restPort  of the made-up venue
     * @return configuration, and what its references stand for
     */
    public static ScratchConfig of(final WeirConfig real, final Path directory, final int orders,
        final boolean deskRate, final int fixPort, final int restPort) {
        final Map<String, String> environment = DemoSource.newSecrets();
        final WeirConfig demo = ConfigLoader.load(new DemoSource(), environment).orThrow();
        final String password = Long.toHexString(new SecureRandom().nextLong());
        final Tenant tenant = tenant(demo.tenant(TENANT).orElseThrow(), deskRate, password);
        final Venue venue = venue(real, demo, fixPort, restPort);
        final SecretResolver secrets = new SecretResolver(environment, directory);
        return new ScratchConfig(new WeirConfig(router(real.router(), directory, orders), acceptor(real.acceptor()),
            demo.billing(), List.of(venue), demo.instruments().stream().filter(i -> i.venue().equals(venue.name()))
            .toList(), List.of(plan(demo, tenant)), List.of(tenant)), secrets, password);
    }

    /**
     * The configuration.
     *
     * @return as the loader would have made it
     */
    public WeirConfig config() {
        return config;
    }

    /**
     * What its references stand for.
     *
     * @return resolver
     */
    public SecretResolver secrets() {
        return secrets;
    }

    /**
     * Password(554) of its desk.
     *
     * @return made anew for each
     */
    public String password() {
        return password;
    }

    private static RouterSettings router(final RouterSettings real, final Path directory, final int orders) {
        final RouterSettings.Driver driver = real.aeron().driver();
        final int ids = 2 * (orders + SPARE_ORDERS); // an order may have a cancel or a replace, and two trades
        return new RouterSettings(directory,
            new RouterSettings.Aeron(Path.of("aeron"), true, CHANNEL, real.aeron().driverTimeoutMs(),
                new RouterSettings.Driver(driver.threading(), driver.idle(), driver.clientTimeoutMs(),
                    driver.unblockMs(), false, driver.waitMs())),
            new RouterSettings.Journal(Path.of("journal"), Path.of("ring"), RING_BYTES, RESERVE_BYTES,
                real.journal().rollEvery(), 0, Optional.empty()),
            new RouterSettings.Engine(TABLE, TABLE, TABLE, TABLE, OPEN_ORDERS, ids, ids, TABLE,
                real.engine().idle()),
            new RouterSettings.Snapshots(false, real.snapshot().every(), 1, false), real.clock(), real.entry(),
            real.market(), real.threads(), RouterSettings.WarmUp.NONE,
            new RouterSettings.StageTimes(0, 0, directory), RouterSettings.Control.NONE);
    }

    private static AcceptorSettings acceptor(final AcceptorSettings real) {
        final AcceptorSettings.LogonGate gate = real.logonGate();
        return new AcceptorSettings("127.0.0.1", 0, ROUTER, real.transport(), Path.of("fix/store"), Path.of("fix/log"),
            real.sessionDayStart(), real.timeZone(), 1_000, 60_000, new AcceptorSettings.LogonGate(gate.perSecond(),
            TABLE, gate.failures(), gate.lockoutMs(), gate.toleranceMs(), 0), Optional.empty());
    }

    /** The first desk of a tenant without bounds that matter. */
    private static Tenant tenant(final Tenant demo, final boolean deskRate, final String password) {
        final Desk desk = demo.desks().get(0);
        final VenueAccount account = demo.accounts().get(0);
        final List<Tenant.Quota> quotas = demo.quotas().stream().map(quota ->
            new Tenant.Quota(quota.id(), quota.meter(), quota.kind(), quota.periodNs(), PLENTY)).toList();
        return new Tenant(demo.id(), "warm-up", demo.state(), demo.creditMode(), demo.plan(), PLENTY, demo.timeZone(),
            Optional.empty(), deskRate ? RateClass.NONE : RATE, new Tenant.Risk(demo.risk().maxOrderQtyE8(),
            demo.risk().maxNotionalE8(), OPEN_ORDERS, demo.risk().priceCollarBps(), List.of()), demo.permissions(),
            quotas,
            demo.instruments(), account.name(), List.of(account), List.of(new Desk(desk.sessionId(), DESK,
            deskRate ? RATE : RateClass.NONE, desk.permissions(), CancelOnDisconnect.NONE, 0, logon(password),
            desk.allow())), List.of(new Tenant.InitialGrant(1, GrantKind.TOP_UP, PLENTY, "warm-up")), List.of(),
            TenantControls.NONE, List.of());
    }

    /** A hash that is soon proven: nobody guesses at a password that lives for seconds. */
    private static Desk.Logon logon(final String password) {
        final PasswordHash hash = PasswordHash.of(password, DESK.getBytes(StandardCharsets.US_ASCII),
            PasswordHash.ITERATIONS_MIN);
        return new Desk.Logon(Optional.of(new SecretRef(SecretRef.Kind.PBKDF2, hash.toString(), "warm-up", 0)),
            Optional.empty(), Optional.empty());
    }

    private static Plan plan(final WeirConfig demo, final Tenant tenant) {
        return demo.plan(tenant.plan()).orElseThrow();
    }

    private static Venue venue(final WeirConfig real, final WeirConfig demo, final int fixPort, final int restPort) {
        final Venue contract = coinbase(demo).orElseThrow();
        final VenueLink.Transport transport = coinbase(real).flatMap(Venue::link).map(VenueLink::transport)
            .orElse(VenueLink.Transport.WEIR);
        final Optional<VenueLink> link = contract.link().map(l -> new VenueLink(l.targetCompId(), l.heartbeatMs(),
            l.reconnectMinMs(), l.reconnectMaxMs(), l.logonsPerSecond(), QUEUE_MAX, l.cancels(), transport,
            Optional.empty()));
        final String name = demo.tenant(TENANT).orElseThrow().accounts().get(0).environment();
        final VenueEnvironment address = contract.environments().get(name).at("127.0.0.1", fixPort,
            URI.create("http://127.0.0.1:" + restPort));
        return new Venue(contract.id(), contract.name(), contract.capabilities(), contract.batchMax(),
            contract.cancelBatchMax(), contract.queueCapacity(), contract.queueDeadlineMs(),
            contract.visibilityDelayMs(), contract.unknownTimeoutMs(), link, contract.http(), Map.of(name, address),
            contract.limits().stream().map(ScratchConfig::wide).toList(), contract.teachings(),
            contract.chain());
    }

    private static Optional<Venue> coinbase(final WeirConfig config) {
        return config.venues().stream().filter(venue -> venue.id() == Venues.COINBASE).findFirst();
    }

    private static VenueLimit wide(final VenueLimit limit) {
        return new VenueLimit(limit.id(), limit.name(), limit.place(), limit.scope(), limit.shape(),
            limit.capacity() * LIMIT_FACTOR, limit.periodNs() / PERIOD_DIVISOR, limit.refillPerSecond(),
            limit.marginBps(), limit.cancelReserve(), limit.costs(), 0, 0, "", List.of(),
            limit.methods(), limit.source());
    }
}
