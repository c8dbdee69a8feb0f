package weir.venue.coinbase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import quickfix.ConfigError;
import quickfix.DefaultMessageFactory;
import quickfix.DefaultSessionFactory;
import quickfix.SessionID;
import quickfix.SessionSettings;
import weir.fix.wire.FixTransport;
import weir.venue.EventQueue;
import weir.venue.SendGuard;
import weir.venue.VenueEventOutbox;

/**
 * The connections of all accounts on our own transport, and the sessions that QuickFIX/J makes for them without its
 * sockets and threads. Made by the launching thread, from then on the agent's.
 */
final class TransportWires implements AutoCloseable {
    private static final long CONNECT_TIMEOUT_MS = 10_000;
    private static final int BUFFER_BYTES = 256 * 1024;

    private final FixTransport transport;
    private final HostResolver resolver;
    /** Null from the first one that was not made. */
    private final TransportWire[] wires;

    /**
     * Binds a wire to each link.
     *
     * @throws IllegalArgumentException when QuickFIX/J refuses the settings, or the trust store cannot be used
     */
    TransportWires(final CoinbaseAdapter.Context context, final Collection<AccountLink> links,
        final EventQueue events, final AgentClock clock, final VenueEventOutbox outbox, final FastReportReader reader,
        final CoinbaseCounters counters) {
        final VenueTls tls =
            context.accounts().stream().anyMatch(CoinbaseAccount::tls) ? new VenueTls(context) : null;
        wires = new TransportWire[links.size()];
        resolver = new HostResolver(events);
        try {
            transport = new FixTransport(new FixTransport.Context().bufferBytes(BUFFER_BYTES)
                .connectTimeoutMs(CONNECT_TIMEOUT_MS).tlsExecutor(resolver::execute)
                .errorHandler(context.errorHandler()));
        } catch (final IOException ex) {
            resolver.close();
            throw new UncheckedIOException(ex);
        }
        final WireParts parts = new WireParts(context, transport, resolver, tls, clock, outbox, reader, counters);
        final Map<String, AccountLink> linkByApiKey = new HashMap<>();
        final Map<String, TransportWire> wireByApiKey = new HashMap<>();
        final Map<String, SequenceStore> numbersByApiKey = new HashMap<>();
        links.forEach(link -> linkByApiKey.put(link.account().apiKey(), link));
        final DefaultSessionFactory sessions = new DefaultSessionFactory(
            new CoinbaseApplication(linkByApiKey, context.rules(), context.cancelOnDisconnect()),
            id -> numbersByApiKey.computeIfAbsent(id.getSenderCompID(), key -> new SequenceStore()),
            new MaskedLogFactory(wireByApiKey), new DefaultMessageFactory());
        try {
            final SessionSettings settings = FixSettings.of(context);
            int made = 0;
            for (final AccountLink link : links) {
                final String apiKey = link.account().apiKey();
                final SessionID id = new SessionID("FIXT.1.1", apiKey, CoinbaseApplication.TARGET);
                final TransportWire wire = new TransportWire(link, parts, sessions.create(id, settings),
                    numbersByApiKey.get(apiKey),
                    new SendGuard(context.rules().guardDrop(context), context.guardPeriodNs()));
                wireByApiKey.put(apiKey, wire);
                wires[made++] = wire;
                link.bind(wire, true);
            }
        } catch (final ConfigError ex) {
            close();
            throw new IllegalArgumentException("COINBASE_FIX_SETTINGS " + MaskedLogFactory.masked(ex.getMessage()));
        }
    }

    /** Receives; each connection a bounded share. */
    int poll(final long nowNs) {
        return transport.poll(nowNs);
    }

    /** Timers of the sessions. */
    int doWork(final long nowNs) {
        int work = 0;
        for (final TransportWire wire : wires) {
            work += wire.doWork(nowNs);
        }
        return work;
    }

    /** Writes what was sent since, one write a connection, and tells what the operating system took. */
    int flush() {
        if (transport.flush() == 0) {
            return 0;
        }
        int work = 1;
        for (final TransportWire wire : wires) {
            work += wire.drainWritten();
        }
        return work;
    }

    void logout() {
        for (final TransportWire wire : wires) {
            wire.logout();
        }
    }

    boolean isClosed() {
        return Arrays.stream(wires).allMatch(TransportWire::isClosed);
    }

    @Override
    public void close() {
        transport.close();
        Arrays.stream(wires).filter(Objects::nonNull).forEach(TransportWire::dispose);
        resolver.close();
    }
}
