package weir.fix;

import quickfix.Application;
import quickfix.DefaultMessageFactory;
import quickfix.FieldNotFound;
import quickfix.MemoryStoreFactory;
import quickfix.Message;
import quickfix.MessageStoreFactory;
import quickfix.ScreenLogFactory;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionSettings;
import quickfix.SocketInitiator;

import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/** A desk on a real QuickFIX/J initiator that validates everything it gets against the desk dictionary. */
final class InitiatorDesk implements AutoCloseable, Application {
    private static final long WAIT_S = 8;

    final SessionID id;
    final BlockingQueue<Message> app = new LinkedBlockingQueue<>();
    final BlockingQueue<Message> admin = new LinkedBlockingQueue<>();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Consumer<Message> proof;
    private final SocketInitiator initiator;

    InitiatorDesk(final InetSocketAddress address, final String compId, final Consumer<Message> proof,
        final Consumer<SessionSettings> tuning, final MessageStoreFactory store) throws Exception {
        this.proof = proof;
        id = new SessionID("FIXT.1.1", compId, "WEIR");
        final SessionSettings settings = new SessionSettings();
        settings.setString("ConnectionType", "initiator");
        settings.setString("SocketConnectHost", address.getAddress().getHostAddress());
        settings.setLong("SocketConnectPort", address.getPort());
        settings.setLong("ReconnectInterval", 1);
        settings.setLong("HeartBtInt", 10);
        settings.setBool("NonStopSession", true);
        settings.setString("DefaultApplVerID", "9");
        settings.setString("TransportDataDictionary", "weir/fix/desk-fixt11.xml");
        settings.setString("AppDataDictionary", "weir/fix/desk-fix50sp2.xml");
        settings.setString(id, "BeginString", "FIXT.1.1");
        settings.setString(id, "SenderCompID", compId);
        settings.setString(id, "TargetCompID", "WEIR");
        tuning.accept(settings);
        initiator = new SocketInitiator(this, store == null ? new MemoryStoreFactory() : store, settings,
            new ScreenLogFactory(false, false, false), new DefaultMessageFactory());
        initiator.start();
    }

    static Consumer<Message> password(final String username, final String password) {
        return logon -> {
            logon.setString(553, username);
            logon.setString(554, password);
        };
    }

    void send(final Message message) {
        Session.lookupSession(id).send(message);
    }

    Session session() {
        return Session.lookupSession(id);
    }

    void awaitLogon() throws InterruptedException {
        awaitEvent("logon");
    }

    void awaitLogout() throws InterruptedException {
        awaitEvent("logout");
    }

    private void awaitEvent(final String name) throws InterruptedException {
        final String event = events.poll(WAIT_S, TimeUnit.SECONDS);
        assertEquals(name, event, () -> "admin so far " + admin);
    }

    Message next(final String msgType) throws Exception {
        final Message message = app.poll(WAIT_S, TimeUnit.SECONDS);
        if (message == null) {
            fail("no application message within " + WAIT_S + " s; admin so far " + admin);
        }
        assertEquals(msgType, message.getHeader().getString(35), message::toString);
        return message;
    }

    /** Next admin message of a type, skipping others. */
    Message nextAdmin(final String msgType) throws Exception {
        while (true) {
            final Message message = admin.poll(WAIT_S, TimeUnit.SECONDS);
            if (message == null) {
                return fail("no 35=" + msgType + " within " + WAIT_S + " s");
            }
            if (msgType.equals(message.getHeader().getString(35))) {
                return message;
            }
        }
    }

    @Override
    public void onCreate(final SessionID sessionId) {
        // Nothing to record.
    }

    @Override
    public void onLogon(final SessionID sessionId) {
        events.add("logon");
    }

    @Override
    public void onLogout(final SessionID sessionId) {
        events.add("logout");
    }

    @Override
    public void toAdmin(final Message message, final SessionID sessionId) {
        try {
            if ("A".equals(message.getHeader().getString(35))) {
                proof.accept(message);
            }
        } catch (final FieldNotFound ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Override
    public void fromAdmin(final Message message, final SessionID sessionId) {
        admin.add(message);
    }

    @Override
    public void toApp(final Message message, final SessionID sessionId) {
        // Nothing to add.
    }

    @Override
    public void fromApp(final Message message, final SessionID sessionId) {
        app.add(message);
    }

    /** Drops the connection without a Logout. */
    void kill() {
        initiator.stop(true);
    }

    @Override
    public void close() {
        initiator.stop(true);
    }
}
