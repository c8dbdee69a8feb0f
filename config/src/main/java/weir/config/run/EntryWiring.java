package weir.config.run;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.check.SecretResolver;
import weir.config.driver.AeronLink;
import weir.config.driver.DriverDirectory;
import weir.config.driver.DriverWait;
import weir.config.model.AddressRange;
import weir.config.model.BinaryClient;
import weir.config.model.RouterSettings;
import weir.config.model.Tenant;
import weir.config.model.WeirConfig;
import weir.engine.RouterCore;
import weir.entry.EntryContext;
import weir.entry.client.AllowedPlaces;
import weir.entry.client.ClientConfig;
import weir.entry.client.ClientKey;
import weir.entry.logon.LogonLimits;
import weir.entry.logon.LogonOutcome;
import weir.entry.session.SessionLimits;
import weir.entry.store.ReportStore;
import weir.entry.store.ReportStores;
import weir.fix.desk.RecordSeq;

/**
 * Turns the configuration of binary clients into the context of their gateway. Its stores are open from the start, so
 * that the replay of the journal fills what they lack; without a client nothing is opened.
 */
final class EntryWiring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EntryWiring.class);
    private static final long DRIVER_SPINS = 100;
    private static final long DRIVER_YIELDS = 10;
    private static final long DRIVER_PARK_NS = 100_000;

    private final WeirConfig config;
    private final RouterSettings.Entry settings;
    private final List<ClientConfig> clients = new ArrayList<>();
    private final ReportStores stores;

    EntryWiring(final WeirConfig config, final SecretResolver secrets) throws IOException {
        this.config = config;
        settings = config.router().entry();
        for (final Tenant tenant : config.tenants()) {
            for (final BinaryClient client : tenant.clients()) {
                clients.add(client(tenant, client, secrets));
            }
        }
        stores = clients.isEmpty() ? null : new ReportStores(config.router().resolve(settings.storeDir()), clients,
            settings.segmentBytes(), settings.keepBytes());
    }

    private static ClientConfig client(final Tenant tenant, final BinaryClient client, final SecretResolver secrets) {
        return new ClientConfig(client.sessionId(), tenant.id(), client.keyId(),
            ClientKey.ofSecret(secrets.resolve(client.secret()).reveal().toCharArray()), client.heartbeatMs(),
            client.heartbeatTimeoutMs(),
            new AllowedPlaces(client.ipc(), address -> contains(client.allow(), address)));
    }

    private static boolean contains(final List<AddressRange> ranges, final InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    boolean isOn() {
        return stores != null;
    }

    /** A client output that the replay made again. */
    void onRegenerated(final DirectBuffer buffer, final int offset, final int length) {
        if (stores != null) {
            try {
                stores.onRegenerated(buffer, offset, length);
            } catch (final IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }

    /** What the stores hold, by session: a snapshot of the core may be used when it makes nothing again below. */
    Map<Integer, RecordSeq> lastBound() {
        final Map<Integer, RecordSeq> bound = new HashMap<>();
        for (final ClientConfig client : clients) {
            final ReportStore store = stores.of(client.sessionId());
            bound.put(client.sessionId(), new RecordSeq(store.boundRecord(), store.boundIndex()));
        }
        return bound;
    }

    /**
     * A client of the driver that binary clients stand on, which is started when it is ours and waited for when not.
     *
     * @param parts   takes over the driver
     * @param stopped ends the wait
     * @param onLost  told when that driver is lost
     */
    AeronLink connect(final RouterParts parts, final BooleanSupplier stopped, final Consumer<Throwable> onLost)
        throws InterruptedException {
        final RouterSettings.Aeron aeron = config.router().aeron();
        final String directory = config.router().resolve(settings.aeronDir()).toString();
        if (settings.embeddedDriver()) {
            parts.own(DriverDirectory.own(Path.of(directory), aeron.driverTimeoutMs()));
            parts.own(MediaDriver.launch(driver(directory).errorHandler(parts.errorHandler())));
            return AeronLink.connectWithin(aeron, Path.of(directory), "weir-entry", onLost);
        }
        if (!DriverWait.await(Path.of(directory), aeron.driver().waitMs(), stopped)) {
            throw new AeronException("stopped while waiting for the media driver of binary clients");
        }
        return AeronLink.connect(aeron, Path.of(directory), "weir-entry", onLost);
    }

    private MediaDriver.Context driver(final String directory) {
        final boolean ipcOnly = settings.channels().stream().allMatch(c -> c.startsWith("aeron:ipc"));
        return new MediaDriver.Context()
            .aeronDirectoryName(directory)
            .dirDeleteOnStart(true)
            .dirDeleteOnShutdown(true)
            .threadingMode(ThreadingMode.SHARED)
            .asyncExecutorEnabled(false)
            // Shared memory needs no driver on its path; UDP does.
            .sharedIdleStrategy(ipcOnly ? new SleepingMillisIdleStrategy(1)
                : new BackoffIdleStrategy(DRIVER_SPINS, DRIVER_YIELDS, 1_000, DRIVER_PARK_NS));
    }

    @Override
    public void close() throws IOException {
        if (stores != null) {
            stores.close();
        }
    }

    EntryContext context(final Aeron clientAeron, final Aeron engineAeron, final RouterCore core,
        final EpochNanoClock clock, final ErrorHandler errorHandler) {
        if (stores.tornBytes() > 0) {
            LOG.warn("report stores had torn tails of {} bytes", stores.tornBytes());
        }
        final LogonLimits logons = LogonLimits.DEFAULT;
        final SessionLimits sessions = SessionLimits.DEFAULT;
        final EntryContext context = new EntryContext()
            .clientAeron(clientAeron)
            .engineAeron(engineAeron)
            .engineChannel(config.router().aeron().channel())
            .stores(stores)
            .clock(clock)
            .wallClock(SystemEpochNanoClock.INSTANCE)
            .errorHandler(errorHandler)
            .busyAfterNs(TimeUnit.MILLISECONDS.toNanos(settings.busyAfterMs()))
            .responseTermLength(settings.responseTermBytes())
            .logonLimits(new LogonLimits(TimeUnit.MILLISECONDS.toNanos(settings.logonToleranceMs()),
                logons.sourceBurst(), logons.refillNs(), logons.totalBurst(), logons.totalRefillNs(),
                settings.logonFailures(), TimeUnit.MILLISECONDS.toNanos(settings.logonLockoutMs()),
                TimeUnit.MILLISECONDS.toNanos(settings.logonAnswerDelayMs()), logons.timeoutNs(),
                logons.maxPending()))
            .sessionLimits(new SessionLimits(TimeUnit.MILLISECONDS.toNanos(settings.slowConsumerMs()),
                sessions.behindMax(), sessions.badFramesMax(), sessions.sendLimit()))
            .logonListener(EntryWiring::onLogon);
        settings.channels().forEach(context::entryChannel);
        for (final ClientConfig client : clients) {
            context.client(client);
            context.recoveredMsgSeqNum(client.sessionId(), core.lastInboundMsgSeqNum(client.sessionId()));
        }
        return context;
    }

    private static void onLogon(final String keyId, final String source, final LogonOutcome outcome) {
        if (outcome == LogonOutcome.ACCEPTED) {
            LOG.info("binary client {} logged on from {}", keyId, source);
        } else {
            LOG.warn("binary logon refused: key={} source={} outcome={}", keyId, source, outcome);
        }
    }
}
