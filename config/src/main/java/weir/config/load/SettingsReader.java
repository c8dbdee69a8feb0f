package weir.config.load;

import java.net.URI;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.billing.store.JdbcUrl;
import weir.config.model.AcceptorSettings;
import weir.config.model.BillingSettings;
import weir.config.model.RouterSettings;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.fix.DeskTransport;
import weir.journal.RollEvery;
import weir.protocol.JournalRingDescriptor;
import weir.protocol.sbe.Meter;

/** Reads {@code router.yaml}, {@code fix/acceptor.yaml} and {@code billing.yaml}: settings that have defaults. */
final class SettingsReader {
    private static final int DAY_MS = 86_400_000;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long RETENTION_NS = 7L * DAY_MS * NS_PER_MS;
    private static final long RETENTION_MAX_NS = 3_660L * DAY_MS * NS_PER_MS;
    private static final int CPU_MAX = 4_095;
    /** Its core's tables hold them all. */
    private static final int WARM_UP_ORDERS_MAX = 200_000;

    RouterSettings router(final Section root) {
        final Section router = root.sectionOrEmpty("router");
        final Path dataDir = router.or("dataDir", Forms.path(), Path.of("run"));
        router.done();
        final RouterSettings settings = new RouterSettings(dataDir,
            aeron(root.sectionOrEmpty("aeron"), root.sectionOrEmpty("driver")),
            journal(root.sectionOrEmpty("journal")), engine(root.sectionOrEmpty("engine")),
            snapshots(root.sectionOrEmpty("snapshot")), clock(root.sectionOrEmpty("clock")),
            new EntryReader().read(root.sectionOrEmpty("entry")), market(root.sectionOrEmpty("market")),
            threads(root.sectionOrEmpty("threads")), warmUp(root.sectionOrEmpty("warmUp")),
            stageTimes(root.sectionOrEmpty("stageTimes")),
            ControlsReader.router(root.sectionOrEmpty("kill"), root.sectionOrEmpty("gateway")));
        root.done();
        return settings;
    }

    private static RouterSettings.Snapshots snapshots(final Section section) {
        final RouterSettings.Snapshots snapshots = new RouterSettings.Snapshots(
            section.or("enabled", Forms.flag(), true),
            section.or("every", Forms.integer(1_000, 1_000_000_000), 1_000_000L), count(section, "keep", 100, 3),
            section.or("atStop", Forms.flag(), true));
        section.done();
        return snapshots;
    }

    private static RouterSettings.Aeron aeron(final Section section, final Section driver) {
        final RouterSettings.Aeron aeron = new RouterSettings.Aeron(
            section.or("dir", Forms.path(), Path.of("/dev/shm/weir-aeron")),
            section.or("embeddedDriver", Forms.flag(), true),
            section.or("channel", Forms.text(256), "aeron:ipc?term-length=1m"),
            section.or("driverTimeout", Forms.durationMs(1_000, 600_000), 10_000), driver(driver));
        if (!aeron.channel().startsWith("aeron:")) {
            section.problem(ProblemCode.CONFIG_TYPE, "channel", "an Aeron channel such as aeron:ipc?term-length=1m",
                "'" + aeron.channel() + '\'', "");
        }
        section.done();
        return aeron;
    }

    private static RouterSettings.Driver driver(final Section section) {
        final RouterSettings.Driver driver = new RouterSettings.Driver(
            section.or("threading", Forms.choice(RouterSettings.Threading.class), RouterSettings.Threading.SHARED),
            section.or("idle", Forms.choice(RouterSettings.Idle.class), RouterSettings.Idle.SLEEPING),
            section.or("clientTimeout", Forms.durationMs(1_500, 60_000), 10_000),
            section.or("unblock", Forms.durationMs(2_000, 120_000), 15_000),
            section.or("preTouch", Forms.flag(), false),
            section.or("wait", Forms.durationMs(0, DAY_MS), 300_000));
        if (driver.unblockMs() <= driver.clientTimeoutMs()) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "unblock",
                "more than clientTimeout (" + driver.clientTimeoutMs() + "ms)", driver.unblockMs() + "ms", "");
        }
        section.done();
        return driver;
    }

    private static RouterSettings.Journal journal(final Section section) {
        final long capacity = section.or("ringCapacity", Forms.sizeBytes(1 << 20, 1 << 30),
            (long) JournalRingDescriptor.CAPACITY_DEFAULT);
        if (Long.bitCount(capacity) != 1) {
            section.problem(ProblemCode.CONFIG_RANGE, "ringCapacity", "a power of two", capacity + " bytes",
                (Long.highestOneBit(capacity) >> 20) + "MiB or " + (Long.highestOneBit(capacity) >> 19) + "MiB");
        }
        final RouterSettings.Journal journal = new RouterSettings.Journal(
            section.or("dir", Forms.path(), Path.of("journal")),
            section.or("ringDir", Forms.path(), Path.of("/dev/shm")), (int) capacity,
            section.or("lowSpaceReserve", Forms.sizeBytes(0, Long.MAX_VALUE), 1L << 30),
            section.or("rollEvery", Forms.choice(RollEvery.class), RollEvery.HOUR),
            section.or("syncInterval", Forms.durationMs(0, 60_000), 0), archive(section));
        section.done();
        return journal;
    }

    private static Optional<RouterSettings.Archive> archive(final Section section) {
        final Optional<Path> dir = section.maybe("archiveDir", Forms.path());
        final long retentionMs =
            section.or("retention", Forms.durationNs(0, RETENTION_MAX_NS), RETENTION_NS) / NS_PER_MS;
        final long rate = section.or("archiveRate", Forms.sizeBytes(1 << 20, 1L << 40), 100L << 20);
        final List<String> consumers = new ArrayList<>();
        for (final Placed<String> item : section.list("archiveAfter", Forms.ascii(64))) {
            consumers.add(item.value());
        }
        if (dir.isEmpty() && section.has("retention")) {
            section.problem(ProblemCode.CONFIG_MISSING, "archiveDir", "a directory with retention", "none",
                "rolled files are copied there before they leave the journal");
        }
        return dir.map(path -> new RouterSettings.Archive(path, retentionMs, rate,
            consumers.isEmpty() ? List.of("billing") : consumers));
    }

    private static RouterSettings.Engine engine(final Section section) {
        final RouterSettings.Engine engine = new RouterSettings.Engine(count(section, "maxTenants", 1 << 16, 256),
            count(section, "maxSessions", 1 << 16, 1_024), count(section, "maxInstruments", 1 << 16, 1_024),
            count(section, "maxAccounts", 1 << 16, 256), count(section, "maxOpenOrders", 1 << 21, 1 << 16),
            count(section, "clOrdIdsPerDay", (1 << 25) - 1, 1 << 20), count(section, "maxTrades", 1 << 27, 1 << 20),
            count(section, "maxGrants", 1 << 27, 1 << 18),
            section.or("idle", Forms.choice(RouterSettings.Idle.class), RouterSettings.Idle.BACKOFF));
        if (engine.idle() == RouterSettings.Idle.SLEEPING) {
            section.problem(ProblemCode.CONFIG_TYPE, "idle", "backoff, yielding or busy-spin", "sleeping",
                "a sleeping engine answers late");
        }
        section.done();
        return engine;
    }

    private static RouterSettings.Threads threads(final Section section) {
        final RouterSettings.Shape shape =
            section.or("shape", Forms.choice(RouterSettings.Shape.class), RouterSettings.Shape.PER_AGENT);
        final RouterSettings.Threads threads = new RouterSettings.Threads(shape, cpu(section, "engineCpu"),
            cpu(section, "gatewayCpu"), cpu(section, "venueCpu"), cpu(section, "entryCpu"),
            cpu(section, "journalCpu"), section.or("background", Forms.choice(RouterSettings.Background.class),
                RouterSettings.Background.IDLE));
        for (final String key : List.of("gatewayCpu", "venueCpu", "entryCpu")) {
            if (shape == RouterSettings.Shape.ONE_THREAD && section.has(key)) {
                section.problem(ProblemCode.CONFIG_CONFLICT, key, "none with shape one-thread", "a processor",
                    "the one thread runs on engineCpu");
            }
        }
        section.done();
        return threads;
    }

    private static int cpu(final Section section, final String key) {
        return (int) (long) section.or(key, Forms.integer(0, CPU_MAX), -1L);
    }

    private static RouterSettings.WarmUp warmUp(final Section section) {
        final RouterSettings.WarmUp warmUp = new RouterSettings.WarmUp(
            (int) (long) section.or("orders", Forms.integer(0, WARM_UP_ORDERS_MAX), 0L),
            section.or("limit", Forms.durationMs(1_000, 600_000), 20_000));
        section.done();
        return warmUp;
    }

    private static RouterSettings.StageTimes stageTimes(final Section section) {
        final RouterSettings.StageTimes times = new RouterSettings.StageTimes(
            section.or("every", Forms.durationMs(0, DAY_MS), 0),
            (int) (long) section.or("orders", Forms.integer(0, 1 << 22), 0L),
            section.or("dir", Forms.path(), Path.of("stages")));
        if (times.orders() > 0 && !times.isOn()) {
            section.problem(ProblemCode.CONFIG_MISSING, "every", "a time above 0 with orders", "0ms",
                "histograms are measured with them");
        }
        section.done();
        return times;
    }

    private static RouterSettings.Clock clock(final Section section) {
        final RouterSettings.Clock clock =
            new RouterSettings.Clock(section.or("alarm", Forms.durationMs(10, 60_000), 1_000));
        section.done();
        return clock;
    }

    private static RouterSettings.Market market(final Section section) {
        final RouterSettings.Market market = new RouterSettings.Market(
            section.or("conflate", Forms.durationMs(1, 60_000), 100),
            section.or("refresh", Forms.durationMs(1_000, DAY_MS), 300_000),
            section.or("wait", Forms.durationMs(0, 600_000), 10_000),
            section.or("silence", Forms.durationMs(1_000, 600_000), 10_000));
        section.done();
        return market;
    }

    private static int count(final Section section, final String key, final int max, final int fallback) {
        return (int) (long) section.or(key, Forms.integer(1, max), (long) fallback);
    }

    AcceptorSettings acceptor(final Section root) {
        final Section acceptor = root.sectionOrEmpty("acceptor");
        final int min = acceptor.or("heartbeatMin", Forms.durationMs(1_000, 3_600_000), 5_000);
        final int max = acceptor.or("heartbeatMax", Forms.durationMs(1_000, 3_600_000), 60_000);
        if (min > max) {
            acceptor.problem(ProblemCode.CONFIG_CONFLICT, "heartbeatMax", "at least heartbeatMin (" + min + "ms)",
                max + "ms", "");
        }
        final AcceptorSettings settings = new AcceptorSettings(acceptor.or("host", Forms.text(255), "127.0.0.1"),
            (int) (long) acceptor.or("port", Forms.integer(0, 65_535), 9_880L),
            acceptor.or("compId", Forms.ascii(32), "WEIR"),
            acceptor.or("transport", Forms.choice(DeskTransport.class), DeskTransport.WEIR),
            acceptor.or("storeDir", Forms.path(), Path.of("fix/store")),
            acceptor.or("logDir", Forms.path(), Path.of("fix/log")),
            acceptor.or("sessionDayStart", Forms.timeOfDay(), LocalTime.MIDNIGHT),
            acceptor.<ZoneId>or("timeZone", Forms.zone(), ZoneOffset.UTC), min, max,
            gate(root.sectionOrEmpty("logon")), tls(root.sectionOrEmpty("tls")));
        acceptor.done();
        root.done();
        return settings;
    }

    private static AcceptorSettings.LogonGate gate(final Section section) {
        final AcceptorSettings.LogonGate gate = new AcceptorSettings.LogonGate(
            section.or("rate", Forms.ratePerSecond(1, 10_000), 5),
            count(section, "maxConnections", 1 << 16, 256), count(section, "failures", 1_000, 5),
            section.or("lockout", Forms.durationMs(0, DAY_MS), 60_000),
            section.or("tolerance", Forms.durationMs(1, 600_000), 30_000),
            section.or("answerDelay", Forms.durationMs(0, 10_000), 200));
        section.done();
        return gate;
    }

    private static Optional<AcceptorSettings.Tls> tls(final Section section) {
        final boolean enabled = section.or("enabled", Forms.flag(), false);
        final Path keyStore = enabled ? section.need("keyStore", Forms.path(), Path.of("none"))
            : section.or("keyStore", Forms.path(), Path.of("none"));
        final var password = section.maybe("keyStorePassword", Forms.secret(false));
        if (enabled && !section.has("keyStorePassword")) {
            section.problem(ProblemCode.CONFIG_MISSING, "keyStorePassword", "env:NAME or file:PATH", "none", "add it");
        }
        final List<String> protocols = new ArrayList<>();
        for (final Placed<String> item : section.list("protocols", Forms.ascii(16))) {
            if (!item.value().equals("TLSv1.2") && !item.value().equals("TLSv1.3")) {
                section.problem(ProblemCode.CONFIG_TYPE, "protocols", "TLSv1.2 or TLSv1.3",
                    "'" + item.value() + '\'', "older versions are not offered");
            }
            protocols.add(item.value());
        }
        final AcceptorSettings.ClientAuth auth = section.or("clientAuth",
            Forms.choice(AcceptorSettings.ClientAuth.class), AcceptorSettings.ClientAuth.NONE);
        final Optional<Path> trustStore = section.maybe("trustStore", Forms.path());
        if (enabled && auth != AcceptorSettings.ClientAuth.NONE && trustStore.isEmpty()) {
            section.problem(ProblemCode.CONFIG_MISSING, "trustStore", "a trust store with clientAuth "
                + Forms.name(auth), "none", "add it");
        }
        final AcceptorSettings.Tls tls = new AcceptorSettings.Tls(keyStore, password.orElse(DeskReader.NO_SECRET),
            trustStore, section.maybe("trustStorePassword", Forms.secret(false)), auth,
            protocols.isEmpty() ? List.of("TLSv1.3", "TLSv1.2") : protocols,
            (int) (long) section.or("handshakesPerSecond", Forms.integer(0, 10_000), 25L));
        section.done();
        return enabled ? Optional.of(tls) : Optional.empty();
    }

    BillingSettings billing(final Section root) {
        final Section billing = root.sectionOrEmpty("billing");
        final String database = billing.or("database", Forms.text(1_024), "jdbc:sqlite:billing/billing.db");
        if (!JdbcUrl.shown(database).equals(database)) {
            billing.hide("database", JdbcUrl.shown(database));
            billing.problem(ProblemCode.CONFIG_SECRET, "database", "password=env:NAME or password=file:PATH",
                "another form", "secrets never stand in the file itself");
        } else if (JdbcUrl.problem(database) != null) {
            billing.problem(ProblemCode.CONFIG_TYPE, "database",
                "jdbc:sqlite:billing/billing.db, or jdbc:postgresql://HOST/NAME?user=USER&password=env:NAME",
                "another text", "");
        }
        final int windowMs = billing.or("eventWindow", Forms.durationMs(1_000, DAY_MS), 60_000);
        final int pollMs = billing.or("poll", Forms.durationMs(1, 60_000), 50);
        billing.done();
        final BillingSettings settings = new BillingSettings(database, windowMs, pollMs,
            stripe(root.sectionOrEmpty("stripe"), root.sectionOrEmpty("stripeWebhooks"), root.sectionOrEmpty("meters")),
            ReadOutReader.read(root.sectionOrEmpty("readOuts")),
            WebhookReader.sending(root.sectionOrEmpty("webhooks")), AuditReader.audit(root.sectionOrEmpty("audit")),
            AuditReader.export(root.sectionOrEmpty("export")));
        root.done();
        return settings;
    }

    private static Optional<BillingSettings.Stripe> stripe(final Section section, final Section webhooks,
        final Section meters) {
        final boolean enabled = section.or("enabled", Forms.flag(), false);
        final var key = section.maybe("apiKey", Forms.secret(false));
        if (enabled && !section.has("apiKey")) {
            section.problem(ProblemCode.CONFIG_MISSING, "apiKey", "env:NAME or file:PATH", "none", "add it");
        }
        final Map<Meter, String> names = new EnumMap<>(Meter.class);
        names.put(Meter.REQUEST, meters.or("request", Forms.ascii(100), "weir_request"));
        names.put(Meter.ORDER_SENT, meters.or("orderSent", Forms.ascii(100), "weir_order_sent"));
        names.put(Meter.ORDER_FILLED, meters.or("orderFilled", Forms.ascii(100), "weir_order_filled"));
        names.put(Meter.COMPUTE_MS, meters.or("computeMs", Forms.ascii(100), "weir_compute_ms"));
        meters.done();
        final BillingSettings.Stripe stripe = new BillingSettings.Stripe(
            section.or("apiBase", Forms.httpUri(), URI.create("https://api.stripe.com")),
            section.or("meterEventsBase", Forms.httpUri(), URI.create("https://meter-events.stripe.com")),
            section.or("apiVersion", Forms.ascii(40), "2025-06-30.basil"), key.orElse(DeskReader.NO_SECRET),
            section.or("rate", Forms.ratePerSecond(1, 1_000), 25),
            section.or("connectTimeout", Forms.durationMs(100, 60_000), 5_000),
            section.or("readTimeout", Forms.durationMs(100, 120_000), 20_000), names,
            StripeSideReader.read(section, webhooks));
        section.done();
        return enabled ? Optional.of(stripe) : Optional.empty();
    }
}
