package weir.venue.intx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
 * The FIX connections of all accounts that have one, and the sessions that QuickFIX/J makes for them without its
 * sockets and threads. Made by the launching thread, from then on the agent's.
 */
final class FixWires implements AutoCloseable {
    private static final String BEGIN_STRING = "FIXT.1.1";
    private static final String TRANSPORT_DICTIONARY = "weir/venue/intx/intx-FIXT11.xml";
    private static final String DICTIONARY = "weir/venue/intx/intx-FIX50SP2.xml";
    private static final long CONNECT_TIMEOUT_MS = 10_000;
    private static final int BUFFER_BYTES = 128 * 1024;
    private static final long GUARD_NS = 1_000_000_000L;

    private final FixTransport transport;
    private final FixResolver resolver;
    private final List<FixWire> wires = new ArrayList<>();
    private boolean loggedOut;

    /**
     * What the connections share.
     *
     * @param context   settings
     * @param transport sockets
     * @param resolver  names to addresses
     * @param tls       null when no account uses it
     * @param outbox    where events go; while it is full nothing is received
     * @param counters  of the adapter
     */
    record Parts(IntxAdapter.Context context, FixTransport transport, FixResolver resolver, FixTls tls,
        VenueEventOutbox outbox, IntxCounters counters) {
    }

    /**
     * Binds a wire to each path.
     *
     * @throws IllegalArgumentException when QuickFIX/J refuses the settings, or the trust store cannot be used
     */
    FixWires(final IntxAdapter.Context context, final Collection<FixPath> paths, final EventQueue events,
        final VenueEventOutbox outbox, final IntxCounters counters) {
        final FixTerms terms = context.fixTerms();
        final FixTls tls = paths.stream().anyMatch(path -> path.account().fix().tls())
            ? new FixTls(terms.trustStore()) : null;
        resolver = new FixResolver(events);
        try {
            transport = new FixTransport(new FixTransport.Context().bufferBytes(BUFFER_BYTES)
                .connectTimeoutMs(CONNECT_TIMEOUT_MS).tlsExecutor(resolver::execute)
                .errorHandler(context.errorHandler()));
        } catch (final IOException ex) {
            resolver.close();
            throw new UncheckedIOException(ex);
        }
        final Parts parts = new Parts(context, transport, resolver, tls, outbox, counters);
        final Map<String, IntxAccount> accounts = new HashMap<>();
        final Map<String, IntxSigner> signers = new HashMap<>();
        final Map<String, FixNumbers> numbers = new HashMap<>();
        final Map<String, FixWire> byKey = new HashMap<>();
        paths.forEach(path -> {
            accounts.put(path.account().apiKey(), path.account());
            signers.put(path.account().apiKey(), new IntxSigner(path.account().secret()));
        });
        final DefaultSessionFactory sessions = new DefaultSessionFactory(
            new FixSigning(accounts, signers, terms, context.rules()),
            id -> numbers.computeIfAbsent(id.getSenderCompID(), key -> new FixNumbers()),
            id -> new FixLog(text -> {
                final FixWire wire = byKey.get(id.getSenderCompID());
                if (wire != null) {
                    wire.reason(text);
                }
            }), new DefaultMessageFactory());
        try {
            final SessionSettings settings = settings(context, accounts.values());
            for (final FixPath path : paths) {
                final String key = path.account().apiKey();
                final SessionID id = new SessionID(BEGIN_STRING, key, terms.targetCompId());
                final FixWire wire = new FixWire(path, parts, path.encoder(), sessions.create(id, settings),
                    numbers.get(key), new SendGuard(context.rules().fixGuardDrop(terms), GUARD_NS));
                byKey.put(key, wire);
                wires.add(wire);
                path.bind(wire);
            }
        } catch (final ConfigError ex) {
            close();
            throw new IllegalArgumentException("INTX_FIX_SETTINGS " + FixLog.masked(ex.getMessage()));
        }
    }

    /** Receives; each connection a bounded share. */
    int poll(final long nowNs) {
        return transport.poll(nowNs);
    }

    /** Timers of the sessions. */
    int doWork(final long nowNs) {
        int work = 0;
        for (int i = 0; i < wires.size(); i++) {
            work += wires.get(i).doWork(nowNs);
        }
        return work;
    }

    /** Writes what was sent since, one write a connection, and tells what the operating system took. */
    int flush() {
        if (transport.flush() == 0) {
            return 0;
        }
        int work = 1;
        for (int i = 0; i < wires.size(); i++) {
            work += wires.get(i).drainWritten();
        }
        return work;
    }

    /** Ends the sessions in order, once. */
    void logout() {
        if (!loggedOut) {
            loggedOut = true;
            wires.forEach(FixWire::logout);
        }
    }

    boolean isClosed() {
        return wires.stream().allMatch(FixWire::isClosed);
    }

    @Override
    public void close() {
        transport.close();
        wires.forEach(FixWire::dispose);
        resolver.close();
    }

    private static SessionSettings settings(final IntxAdapter.Context context,
        final Collection<IntxAccount> accounts) throws ConfigError {
        final Properties values = new Properties();
        values.setProperty("ConnectionType", "initiator");
        values.setProperty("DefaultApplVerID", "9");
        values.setProperty("HeartBtInt", Integer.toString(context.fixTerms().heartBtIntS()));
        values.setProperty("ResetOnLogon", "Y");
        values.setProperty("ResetOnDisconnect", "Y");
        values.setProperty("ResetOnLogout", "Y");
        values.setProperty("TimeStampPrecision", "MILLIS");
        values.setProperty("NonStopSession", "Y");
        // no second Logon within it, whatever the connection did; FixPath says when one is tried
        values.setProperty("ReconnectInterval", "1");
        values.setProperty("LogonTimeout", "10");
        values.setProperty("LogoutTimeout", "2");
        values.setProperty("PersistMessages", "N");
        // a clock that stepped must not cost the session: the distance to the venue's is measured and alarmed
        values.setProperty("CheckLatency", "N");
        values.setProperty("UseDataDictionary", "Y");
        values.setProperty("TransportDataDictionary", TRANSPORT_DICTIONARY);
        values.setProperty("AppDataDictionary", DICTIONARY);
        // a report that breaks the dictionary is logged: refusing what the venue says would change nothing there
        values.setProperty("RejectInvalidMessage", "N");
        values.setProperty("ValidateUserDefinedFields", "N");
        values.setProperty("AllowUnknownMsgFields", "Y");
        values.setProperty("ValidateFieldsOutOfOrder", "N");
        values.setProperty("ValidateUnorderedGroupFields", "N");
        // every logon resets, and a gap drops the connection at the wire
        values.setProperty("ValidateSequenceNumbers", "N");
        values.setProperty("RejectMessageOnUnhandledException", "N");
        final SessionSettings settings = new SessionSettings();
        settings.set(values);
        for (final IntxAccount account : accounts) {
            final SessionID id = new SessionID(BEGIN_STRING, account.apiKey(), context.fixTerms().targetCompId());
            settings.setString(id, "BeginString", BEGIN_STRING);
            settings.setString(id, "SenderCompID", account.apiKey());
            settings.setString(id, "TargetCompID", context.fixTerms().targetCompId());
        }
        return settings;
    }
}
