package weir.sim.desk;

import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import quickfix.Application;
import quickfix.DefaultMessageFactory;
import quickfix.FieldNotFound;
import quickfix.FileStoreFactory;
import quickfix.Log;
import quickfix.Message;
import quickfix.RejectLogon;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionSettings;
import quickfix.SocketAcceptor;

/** A QuickFIX/J acceptor that answers what a test tells it to; the far end for desk tests, over real TCP. */
final class ScriptedRouter implements Application, AutoCloseable {
    final List<Message> received = new CopyOnWriteArrayList<>();
    final List<Message> logons = new CopyOnWriteArrayList<>();
    final int port;
    private final SessionID sessionId;
    private final SocketAcceptor acceptor;
    private volatile Consumer<Message> script = message -> { };
    private volatile Consumer<Message> logonCheck = message -> { };
    private final String execIdPrefix;
    private int execId;

    ScriptedRouter(final String desk, final Path store, final int fixedPort) throws Exception {
        execIdPrefix = fixedPort == 0 ? "E" : "R"; // a restarted router goes on with other ids
        port = fixedPort == 0 ? freePort() : fixedPort;
        sessionId = new SessionID("FIXT.1.1", "WEIR", desk);
        final SessionSettings settings = new SessionSettings();
        for (final Map.Entry<String, String> entry : Map.of("ConnectionType", "acceptor", "SocketAcceptAddress",
            "127.0.0.1", "SocketAcceptPort", Integer.toString(port), "NonStopSession", "Y", "DefaultApplVerID", "9",
            "TransportDataDictionary", "FIXT11.xml", "AppDataDictionary", "FIX50SP2.xml", "FileStorePath",
            new File(store.toString()).getPath(), "ValidateUserDefinedFields", "N",
            "SocketReuseAddress", "Y").entrySet()) {
            settings.setString(sessionId, entry.getKey(), entry.getValue());
        }
        settings.setString(sessionId, "AllowUnknownMsgFields", "Y");
        acceptor = new SocketAcceptor(this, new FileStoreFactory(settings), settings, id -> new SilentLog(),
            new DefaultMessageFactory());
        acceptor.start();
    }

    ScriptedRouter script(final Consumer<Message> value) {
        script = value;
        return this;
    }

    ScriptedRouter logonCheck(final Consumer<Message> value) {
        logonCheck = value;
        return this;
    }

    /** Sends an ExecutionReport; {@code fields} are tag, value, tag, value, ... */
    Message report(final String... fields) {
        final Message message = new Message();
        message.getHeader().setString(35, "8");
        message.setString(37, "O1");
        message.setString(17, execIdPrefix + ++execId);
        message.setString(54, "1");
        message.setString(55, "BTC-USD");
        message.setString(6, "0");
        return send(message, fields);
    }

    Message send(final Message message, final String... fields) {
        for (int i = 0; i < fields.length; i += 2) {
            message.setString(Integer.parseInt(fields[i]), fields[i + 1]);
        }
        Session.lookupSession(sessionId).send(message);
        return message;
    }

    Session session() {
        return Session.lookupSession(sessionId);
    }

    /** Ends at once, connections included, as a kill would; the store stays. */
    void kill() {
        acceptor.stop(true);
    }

    @Override
    public void close() {
        acceptor.stop(true);
    }

    static String get(final Message message, final int tag) {
        try {
            return message.isSetField(tag) ? message.getString(tag)
                : message.getHeader().isSetField(tag) ? message.getHeader().getString(tag) : null;
        } catch (final FieldNotFound e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void fromApp(final Message message, final SessionID id) {
        received.add(message);
        script.accept(message);
    }

    @Override
    public void fromAdmin(final Message message, final SessionID id) throws RejectLogon {
        if ("A".equals(get(message, 35))) {
            logons.add(message);
            try {
                logonCheck.accept(message);
            } catch (final SecurityException e) {
                throw new RejectLogon(e.getMessage());
            }
        }
    }

    @Override
    public void onCreate(final SessionID id) { }

    @Override
    public void onLogon(final SessionID id) { }

    @Override
    public void onLogout(final SessionID id) { }

    @Override
    public void toAdmin(final Message message, final SessionID id) { }

    @Override
    public void toApp(final Message message, final SessionID id) { }

    static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Says nothing. */
    private static final class SilentLog implements Log {
        @Override
        public void clear() { }

        @Override
        public void onIncoming(final String message) { }

        @Override
        public void onOutgoing(final String message) { }

        @Override
        public void onEvent(final String text) { }

        @Override
        public void onErrorEvent(final String text) { }
    }
}
